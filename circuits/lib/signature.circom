pragma circom 2.1.6;

include "poseidon.circom";
include "babyjub.circom";
include "bitify.circom";
include "compconstant.circom";
include "escalarmulany.circom";
include "escalarmulfix.circom";

// STATEMENT. (R8, S) is an EdDSA signature over Baby Jubjub of the key A on `message`: S * B8 = R8 + h * 8A, where
// h = Poseidon(R8, A, message), R8 lies on the curve, S is below the order of the subgroup and 8A is not the identity.
//
// This is circomlib's EdDSAPoseidonVerifier (GPL-3.0, 0KIMS association) with three differences. It cannot be disabled, so
// both equalities are plain ones: circomlib's compare through IsZero, whose helper is free when the values are equal. R8 is
// shown to lie on the curve: the law of addition means something only there. And 8A is shown not to be the identity by an
// inverse of its own x, where circomlib looks at 4A's.
//
// WHY EACH RANGE CHECK. S < order: S + order would be a second signature (malleability); 253 bits hold both, so the comparison
// is what decides. h is decomposed strictly (below p): in 254 bits h + p would be a second challenge. That A lies on the curve
// and in the subgroup of prime order is the verifier's check on a public input: packages/zk/src/issuer-key.ts. R8 then lies in
// the subgroup by the equation.
template EdDSA() {
    signal input A[2];
    signal input R8[2];
    signal input S;
    signal input message;

    component onCurve = BabyCheck();
    onCurve.x <== R8[0];
    onCurve.y <== R8[1];

    component sBits = Num2Bits(253);
    sBits.in <== S;
    component sRange = CompConstant(2736030358979909402780800718157159386076813972158567259200215660948447373040); // order - 1
    for (var i = 0; i < 253; i++) sRange.in[i] <== sBits.out[i];
    sRange.in[253] <== 0;
    sRange.out === 0;

    component challenge = Poseidon(5);
    challenge.inputs[0] <== R8[0];
    challenge.inputs[1] <== R8[1];
    challenge.inputs[2] <== A[0];
    challenge.inputs[3] <== A[1];
    challenge.inputs[4] <== message;
    component hBits = Num2Bits_strict();
    hBits.in <== challenge.out;

    component doubles[3];
    for (var i = 0; i < 3; i++) doubles[i] = BabyDbl();
    doubles[0].x <== A[0];
    doubles[0].y <== A[1];
    for (var i = 1; i < 3; i++) {
        doubles[i].x <== doubles[i - 1].xout;
        doubles[i].y <== doubles[i - 1].yout;
    }
    signal inverse <-- doubles[2].xout == 0 ? 0 : 1 / doubles[2].xout;
    doubles[2].xout * inverse === 1;

    component hA = EscalarMulAny(254);
    for (var i = 0; i < 254; i++) hA.e[i] <== hBits.out[i];
    hA.p[0] <== doubles[2].xout;
    hA.p[1] <== doubles[2].yout;

    component right = BabyAdd();
    right.x1 <== R8[0];
    right.y1 <== R8[1];
    right.x2 <== hA.out[0];
    right.y2 <== hA.out[1];

    var BASE8[2] = [
        5299619240641551281634865583518297030282874472190772894086521144482721001553,
        16950150798460657717958625567821834550301663161624707787222815936182638968203
    ];
    component left = EscalarMulFix(253, BASE8);
    for (var i = 0; i < 253; i++) left.e[i] <== sBits.out[i];

    left.out[0] === right.xout;
    left.out[1] === right.yout;
}
