pragma circom 2.1.6;

include "poseidon.circom";
include "tags.circom";

// STATEMENT. `commitment` is the commitment to a secret, with a blinding.
//
// The issuer signs the commitment and learns neither: with a fresh blinding two issuers cannot even tell that two
// commitments are to one secret.
template HolderCommitment() {
    signal input secret;
    signal input blinding;
    signal output commitment;

    component hash = Poseidon(3);
    hash.inputs[0] <== TAG_HOLDER();
    hash.inputs[1] <== secret;
    hash.inputs[2] <== blinding;
    commitment <== hash.out;
}

// STATEMENT. `nullifier` is what the holder of `secret` always shows in `scope`; it is 0 where the scope is 0.
//
// It is derived from the secret alone, which no issuer knows, so no issuer can compute it. Multiplying by the scope makes it
// vanish where none was asked for: a nullifier for an empty scope would be one identifier for every verifier. For any other
// scope, which is public, the product tells neither more nor less than the hash.
template Nullifier() {
    signal input secret;
    signal input scope;
    signal output nullifier;

    component hash = Poseidon(3);
    hash.inputs[0] <== TAG_NULLIFIER();
    hash.inputs[1] <== secret;
    hash.inputs[2] <== scope;
    nullifier <== scope * hash.out;
}
