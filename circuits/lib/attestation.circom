pragma circom 2.1.6;

include "poseidon.circom";
include "signature.circom";
include "range.circom";
include "holder.circom";
include "tags.circom";

// STATEMENT. The holder of the issuer's key has signed, for this type, this root of claims, the holder's commitment and this
// revocation id, a period that `today` lies in; and whoever made the proof knows the commitment's secret.
//
// WHY EACH RANGE CHECK. Days are numbers YYYYMMDD below 2^27. That the issuer signed sensible ones is not relied upon: see
// Between. The message begins with a tag, so that no other signature of this key (revocation roots) is taken for it.
template Attestation() {
    signal input issuer[2];
    signal input type;
    signal input claimsRoot;
    signal input secret;
    signal input blinding;
    signal input from;
    signal input until;
    signal input revocationId;
    signal input R8[2];
    signal input S;
    signal input today;

    component holder = HolderCommitment();
    holder.secret <== secret;
    holder.blinding <== blinding;

    component message = Poseidon(7);
    message.inputs[0] <== TAG_ATTESTATION();
    message.inputs[1] <== type;
    message.inputs[2] <== claimsRoot;
    message.inputs[3] <== holder.commitment;
    message.inputs[4] <== from;
    message.inputs[5] <== until;
    message.inputs[6] <== revocationId;

    component signature = EdDSA();
    signature.A <== issuer;
    signature.R8 <== R8;
    signature.S <== S;
    signature.message <== message.out;

    component valid = Between(27);
    valid.low <== from;
    valid.value <== today;
    valid.high <== until;
}
