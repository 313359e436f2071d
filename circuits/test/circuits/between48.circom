pragma circom 2.1.6;

// Between alone, for tests that run it many times.
include "lib/range.circom";

component main {public [low, high]} = Between(48);
