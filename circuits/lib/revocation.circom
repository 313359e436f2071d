pragma circom 2.1.6;

include "bitify.circom";
include "merkle.circom";

// STATEMENT. In the tree of 2^20 places with this `root`, the place `id` holds 0 (not revoked), and id is not 0.
//
// WHY EACH RANGE CHECK. The id is the place: its 20 bits are the path. An id that has more bits has no place, and without the
// decomposition a prover could walk to somebody else's. 0 is the id of attestations that cannot be revoked: nothing about
// those can be said here, so it is refused by showing an inverse.
template NotRevoked() {
    signal input id;
    signal input siblings[20];
    signal output root;

    signal inverse <-- id == 0 ? 0 : 1 / id;
    id * inverse === 1;

    component place = Num2Bits(20);
    place.in <== id;

    component path = MerkleRoot(20);
    path.leaf <== 0;
    path.bits <== place.out;
    path.siblings <== siblings;
    root <== path.root;
}
