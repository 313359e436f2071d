import { crc32 } from './crc32.ts';

/** First and last letters of the 256 Bytewords in their order (BCR-2020-012): the minimal style writes only these. */
const LETTERS =
	'aeadaoaxaaahamatayasbkbdbnbtbabsbebybgbwbbbzcmchcscfcycwcecackctcxclcpcndkdadsdidedtdrdndwdpdmdldyeheyeoeeecenemetesftfrfnfsfmfhfzfpfwfxfyfefgflfdgagegrgsgtglgwgdgygmgughgohfhghdhkhthphhhlhyhehnhsidiaieihiyioisinimjejzjnjtjljojsjpjkjykpkoktkskkknkgkekikblblalylflslrlplnltloldlelulklgmnmymhmemomumwmdmtmsmknlnyndnsntnnnenboyoeotoxonolospdptpkpypspmplpepfpaprqdqzrerprlrorhrdrkrfryrnrsrtsesasrssskswstspsosgsbsfsntotktitttdtetytltbtstptatnuyuoutueurvtvyvovlvevwvavdvswlwdwmwpwewywswtwnwzwfwkykynylyaytzszoztzczezm';

const BYTES: ReadonlyMap<string, number> = new Map(Array.from({ length: 256 }, (_, byte) => [LETTERS.slice(2 * byte, 2 * byte + 2), byte]));

/** Minimal Bytewords, with the CRC-32 of the bytes at the end. */
export function encodeBytewords(bytes: Uint8Array): string {
	let text = '';
	for (const byte of withChecksum(bytes)) text += LETTERS.slice(2 * byte, 2 * byte + 2);
	return text;
}

/** The bytes of minimal Bytewords in lower case; undefined where they are none, or where the checksum does not fit. */
export function decodeBytewords(text: string): Uint8Array | undefined {
	if (text.length % 2 !== 0 || text.length < 10) return undefined;
	const bytes = new Uint8Array(text.length / 2);
	for (let at = 0; at < bytes.length; at++) {
		const byte = BYTES.get(text.slice(2 * at, 2 * at + 2));
		if (byte === undefined) return undefined;
		bytes[at] = byte;
	}
	const body = bytes.subarray(0, -4);
	return new DataView(bytes.buffer).getUint32(body.length) === crc32(body) ? body : undefined;
}

function withChecksum(bytes: Uint8Array): Uint8Array {
	const all = new Uint8Array(bytes.length + 4);
	all.set(bytes);
	new DataView(all.buffer).setUint32(bytes.length, crc32(bytes));
	return all;
}
