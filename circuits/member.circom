pragma circom 2.1.6;

// STATEMENT. I hold a credential of type `type` that the holder of the key `issuer` attested and that is valid on the day
// `today`; its claim `name`, which is of the kind `kind`, has one of the values in the set with the root `set`; and
// `nullifier` is mine in `scope`, or 0 if `scope` is 0. I say this in answer to the request whose hash is `context`.
//
// Private: which value, which leaf, every other claim, the period of validity, the revocation id, the signature, the secret.
//
// THE SET is a tree of 32 values (Poseidon, fixed depth 5) that the verifier builds from the list it asked for, sorted; a
// shorter list is filled up with its own last value, so that nothing is in the tree that is not in the list. Values are
// compared as field elements and the kind is public, so the hash of a text never meets a number.
//
// WHY NO RANGE CHECK of the value: it is only compared for equality, which needs none. The sides of both paths are 0 or 1
// (MerkleRoot), the days have 27 bits (Attestation).

include "lib/attestation.circom";
include "lib/claim.circom";
include "lib/context.circom";
include "lib/holder.circom";
include "lib/merkle.circom";

template Member() {
    signal input issuer[2];
    signal input type;
    signal input name;
    signal input kind;
    signal input set;
    signal input today;
    signal input context;
    signal input scope;
    signal output nullifier;

    signal input value;
    signal input salt;
    signal input bits[4];
    signal input siblings[4];
    signal input setBits[5];
    signal input setSiblings[5];
    signal input secret;
    signal input blinding;
    signal input from;
    signal input until;
    signal input revocationId;
    signal input R8[2];
    signal input S;

    component claim = Claim();
    claim.name <== name;
    claim.kind <== kind;
    claim.value <== value;
    claim.salt <== salt;
    claim.bits <== bits;
    claim.siblings <== siblings;

    component member = MerkleRoot(5);
    member.leaf <== value;
    member.bits <== setBits;
    member.siblings <== setSiblings;
    member.root === set;

    component attestation = Attestation();
    attestation.issuer <== issuer;
    attestation.type <== type;
    attestation.claimsRoot <== claim.root;
    attestation.secret <== secret;
    attestation.blinding <== blinding;
    attestation.from <== from;
    attestation.until <== until;
    attestation.revocationId <== revocationId;
    attestation.R8 <== R8;
    attestation.S <== S;
    attestation.today <== today;

    component mine = Nullifier();
    mine.secret <== secret;
    mine.scope <== scope;
    nullifier <== mine.nullifier;

    component request = Context();
    request.context <== context;
}

component main {public [issuer, type, name, kind, set, today, context, scope]} = Member();
