pragma circom 2.1.6;

// What a hash is for is its first input, so that a hash made for one purpose is never one for another. Each number is the
// ASCII text beside it, read as a big-endian integer. packages/zk/src/hash.ts has the same.

function TAG_ATTESTATION() { return 39073865084038072365024266804168565189212482973871921; } // holdfast/attestation/1
function TAG_HOLDER() { return 35537473271722840186180128370510582132529; } // holdfast/holder/1
function TAG_NULLIFIER() { return 596219865173920781937031510469478225424157912881; } // holdfast/nullifier/1
