pragma circom 2.1.6;

// STATEMENT. I hold two credentials, of the types `types`, that the holders of the keys `issuers` attested to one and the same
// secret, mine; both are valid on the day `today`; and `nullifier` is mine in `scope`, or 0 if `scope` is 0. I say this in
// answer to the request whose hash is `context`.
//
// Private: every claim of both, the periods of validity, the revocation ids, the signatures, the secret, both blindings.
//
// The two commitments differ, because their blindings do; one signal `secret` opens both. The same credential twice would
// satisfy this: whether the two types or issuers must differ is what the verifier asks for.
//
// WHY EACH RANGE CHECK. Only the days are compared: 27 bits (Attestation).

include "lib/attestation.circom";
include "lib/context.circom";
include "lib/holder.circom";

template SameHolder() {
    signal input issuers[2][2];
    signal input types[2];
    signal input today;
    signal input context;
    signal input scope;
    signal output nullifier;

    signal input secret;
    signal input claimsRoot[2];
    signal input blinding[2];
    signal input from[2];
    signal input until[2];
    signal input revocationId[2];
    signal input R8[2][2];
    signal input S[2];

    component attestations[2];
    for (var i = 0; i < 2; i++) {
        attestations[i] = Attestation();
        attestations[i].issuer <== issuers[i];
        attestations[i].type <== types[i];
        attestations[i].claimsRoot <== claimsRoot[i];
        attestations[i].secret <== secret;
        attestations[i].blinding <== blinding[i];
        attestations[i].from <== from[i];
        attestations[i].until <== until[i];
        attestations[i].revocationId <== revocationId[i];
        attestations[i].R8 <== R8[i];
        attestations[i].S <== S[i];
        attestations[i].today <== today;
    }

    component mine = Nullifier();
    mine.secret <== secret;
    mine.scope <== scope;
    nullifier <== mine.nullifier;

    component request = Context();
    request.context <== context;
}

component main {public [issuers, types, today, context, scope]} = SameHolder();
