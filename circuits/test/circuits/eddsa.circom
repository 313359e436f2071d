pragma circom 2.1.6;

// EdDSA alone, for tests that run it many times.
include "lib/signature.circom";

component main {public [A, message]} = EdDSA();
