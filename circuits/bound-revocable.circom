pragma circom 2.1.6;

// STATEMENT. I hold a credential of type `type` that the holder of the key `issuer` attested and that is valid on the day
// `today` and not revoked in the revocation tree with the root `revocationRoot`; its claim `name`, which is of the kind `kind`, has a value from `low` to `high`, both included; and `nullifier`
// is mine in `scope`, or 0 if `scope` is 0. I say this in answer to the request whose hash is `context`.
//
// Private: its place in the revocation tree, which leaf, the value, every other claim, the period of validity, the signature, the secret.
//
// WHY EACH RANGE CHECK. `low`, the value and `high` have 48 bits (Between): dates are YYYYMMDD, integers are shifted by 2^47.
// The kind is public and in the leaf, so that bounds are never compared with the hash of a text, which is not a number of 48
// bits anyway. Order of YYYYMMDD is order of dates, and "N years before" is minus N * 10000, exactly: days since an epoch
// would need leap years. The revocation id has 20 bits and is not 0 (NotRevoked). That the bounds are those that were asked for,
// that the root is the issuer's and how old it is are the verifier's checks.

include "lib/attestation.circom";
include "lib/claim.circom";
include "lib/context.circom";
include "lib/holder.circom";
include "lib/range.circom";
include "lib/revocation.circom";

template BoundRevocable() {
    signal input issuer[2];
    signal input type;
    signal input name;
    signal input kind;
    signal input low;
    signal input high;
    signal input today;
    signal input context;
    signal input scope;
    signal input revocationRoot;
    signal output nullifier;

    signal input value;
    signal input salt;
    signal input bits[4];
    signal input siblings[4];
    signal input secret;
    signal input blinding;
    signal input from;
    signal input until;
    signal input revocationId;
    signal input R8[2];
    signal input S;
    signal input revocationSiblings[20];

    component claim = Claim();
    claim.name <== name;
    claim.kind <== kind;
    claim.value <== value;
    claim.salt <== salt;
    claim.bits <== bits;
    claim.siblings <== siblings;

    component range = Between(48);
    range.low <== low;
    range.value <== value;
    range.high <== high;

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

    component notRevoked = NotRevoked();
    notRevoked.id <== revocationId;
    notRevoked.siblings <== revocationSiblings;
    notRevoked.root === revocationRoot;

    component mine = Nullifier();
    mine.secret <== secret;
    mine.scope <== scope;
    nullifier <== mine.nullifier;

    component request = Context();
    request.context <== context;
}

component main {public [issuer, type, name, kind, low, high, today, context, scope, revocationRoot]} = BoundRevocable();
