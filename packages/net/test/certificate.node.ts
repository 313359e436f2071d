import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

// X.509 in DER (RFC 5280), just as much as a TLS server on loopback needs.
const der = (tag: number, ...parts: (Buffer | readonly number[])[]): Buffer => {
	const body = Buffer.concat(parts.map((part) => Buffer.from(part as number[])));
	const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
	return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: (Buffer | readonly number[])[]): Buffer => der(0x30, ...parts);
const oid = (...bytes: number[]): Buffer => der(0x06, bytes);
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11);
const BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
const ECDSA_WITH_SHA256 = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);

/** A P-256 key (PKCS #8 PEM) and a certificate (PEM) for one DNS name, signed by itself. For tests only. */
export function selfSignedCertificate(name: string): { key: string; cert: string } {
	const { privateKey, publicKey } = generateKeyPairSync('ec', {
		namedCurve: 'P-256',
		publicKeyEncoding: { type: 'spki', format: 'der' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	});
	const algorithm = sequence(ECDSA_WITH_SHA256);
	const subject = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))));
	const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x18, Buffer.from('20990101000000Z')));
	const extensions = der(
		0xa3,
		sequence(
			sequence(BASIC_CONSTRAINTS, der(0x01, [0xff]), der(0x04, sequence(der(0x01, [0xff])))),
			sequence(SUBJECT_ALT_NAME, der(0x04, sequence(der(0x82, Buffer.from(name))))),
		),
	);
	const body = sequence(der(0xa0, der(0x02, [2])), der(0x02, [1]), algorithm, subject, validity, subject, publicKey, extensions);
	const signature = sign('sha256', body, createPrivateKey(privateKey));
	const certificate = sequence(body, algorithm, der(0x03, [0], signature));
	const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
	return { key: privateKey, cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n` };
}
