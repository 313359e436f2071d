pragma circom 2.1.6;

include "poseidon.circom";

// STATEMENT. Walking from `leaf` up along `siblings` gives `root`. bits[i] says on which side of its sibling the node of
// level i stands (1: right).
//
// The sides are constrained to be 0 or 1 here, whoever computed them: with another value the two inputs of a hash would be
// an affine mixture of both nodes, and roots of trees that do not hold the leaf could be reached.
template MerkleRoot(depth) {
    signal input leaf;
    signal input bits[depth];
    signal input siblings[depth];
    signal output root;

    signal nodes[depth + 1];
    signal lefts[depth];
    component hashes[depth];
    nodes[0] <== leaf;
    for (var i = 0; i < depth; i++) {
        bits[i] * (1 - bits[i]) === 0;
        lefts[i] <== nodes[i] + bits[i] * (siblings[i] - nodes[i]);
        hashes[i] = Poseidon(2);
        hashes[i].inputs[0] <== lefts[i];
        hashes[i].inputs[1] <== nodes[i] + siblings[i] - lefts[i];
        nodes[i + 1] <== hashes[i].out;
    }
    root <== nodes[depth];
}
