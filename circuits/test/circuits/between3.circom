pragma circom 2.1.6;

// Between alone, small enough for a ceremony in a test.
include "lib/range.circom";

component main {public [low, high]} = Between(3);
