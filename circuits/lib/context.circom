pragma circom 2.1.6;

// STATEMENT. None: `context` is the hash of the request (or of the one-time key) that this proof is for. It takes part in
// nothing else, so it is squared: an input in no constraint can be exchanged in a finished proof.
template Context() {
    signal input context;
    signal square <== context * context;
}
