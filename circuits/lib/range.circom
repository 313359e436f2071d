pragma circom 2.1.6;

include "bitify.circom";

// STATEMENT. low <= value <= high, as integers of n bits.
//
// WHY EACH RANGE CHECK. Field elements have no order: -1 is the largest. All three numbers are first shown to have n bits.
// Then value - low and high - value lie strictly between -2^n and 2^n, and a number in there that also has n bits is not
// negative. Without the check of `value` a prover could take low - 1 + p; without those of the bounds the statement would
// hang on the verifier's care. n is far below 253, so that no n-bit decomposition has a second solution modulo p.
template Between(n) {
    assert(n < 253);
    signal input low;
    signal input value;
    signal input high;

    component valueBits = Num2Bits(n);
    component lowBits = Num2Bits(n);
    component highBits = Num2Bits(n);
    valueBits.in <== value;
    lowBits.in <== low;
    highBits.in <== high;

    component aboveLow = Num2Bits(n);
    component belowHigh = Num2Bits(n);
    aboveLow.in <== value - low;
    belowHigh.in <== high - value;
}
