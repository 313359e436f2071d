pragma circom 2.1.6;

include "poseidon.circom";
include "merkle.circom";

// STATEMENT. `root` is the root of a tree of 16 claims in which one leaf says that the claim `name` of this `kind` has this
// `value`.
//
// The kind is part of the leaf, so that a date's number never counts as an integer, and a text's hash as neither. The salt
// keeps a leaf from being found by guessing. Leaves hash four inputs and nodes two, which are different permutations: a
// node cannot be taken for a leaf. Unused leaves are 0, for which no four inputs are known.
template Claim() {
    signal input name;
    signal input kind;
    signal input value;
    signal input salt;
    signal input bits[4];
    signal input siblings[4];
    signal output root;

    component leaf = Poseidon(4);
    leaf.inputs[0] <== name;
    leaf.inputs[1] <== kind;
    leaf.inputs[2] <== value;
    leaf.inputs[3] <== salt;

    component path = MerkleRoot(4);
    path.leaf <== leaf.out;
    path.bits <== bits;
    path.siblings <== siblings;
    root <== path.root;
}
