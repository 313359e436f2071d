import { CredentialError } from './errors.ts';
import { jwtVc } from './jwt-vc.ts';
import type { ClaimPath, CredentialFormat, CredentialFormatId, IssueInput, ParsedCredential, PresentInput, Verification, VerifyInput } from './model.ts';
import { sdJwtVc } from './sd-jwt-vc.ts';

/** Every format, as handlers with one interface. A new format is one more entry. */
export const formats: readonly CredentialFormat[] = [sdJwtVc, jwtVc];

/** The handler of a format. Throws `credential/unsupported-format`. */
export function formatOf(id: string): CredentialFormat {
	const format = formats.find((each) => each.id === id);
	if (!format) throw new CredentialError('credential/unsupported-format', 'Holdfast does not know this credential format.');
	return format;
}

/** The format that a credential is in, by its form. Throws `credential/unsupported-format`. */
export function detectFormat(raw: string): CredentialFormatId {
	const format = formats.find((each) => each.recognises(raw));
	if (!format) throw new CredentialError('credential/unsupported-format', 'This is not a credential that Holdfast knows.');
	return format.id;
}

/** Issues a credential, and reads it back. Throws `credential/invalid-input` for claims or times that would not make a credential. */
export async function issue(input: IssueInput, io: { readonly random: { bytes(length: number): Uint8Array } }): Promise<string> {
	const format = formatOf(input.format);
	const raw = await format.issue(input, io);
	try {
		format.parse(raw);
	} catch (cause) {
		throw new CredentialError('credential/invalid-input', 'These claims are more than a credential can hold. Leave something out, or use a smaller image.', {
			cause,
		});
	}
	return raw;
}

/** Reads a credential of any known format: structure and digests, not the signature. Throws `credential/*`. */
export const parse = (raw: string): ParsedCredential => formatOf(detectFormat(raw)).parse(raw);

/** Makes a presentation: SD-JWT+KB, or a VP JWT. Throws `credential/wrong-holder`, `credential/no-such-claim`, `credential/not-selective`, … */
export const present = (input: PresentInput): Promise<string> => formatOf(detectFormat(input.raw)).present(input);

/**
 * Verifies a presentation or a credential. Bad input gives a failed report, never a throw; only contradictory
 * expectations (holder binding without nonce and audience) throw `credential/invalid-input`.
 */
export const verify = async (input: VerifyInput): Promise<Verification> => formatOf(input.format).verify(input);

/** A path relative to the whole credential, as DCQL and issuer metadata have it (OpenID4VP 1.0 §7, Appendix B). */
export const documentPath = (format: CredentialFormatId, path: ClaimPath): ClaimPath => [...formatOf(format).claimsRoot, ...path];

/** The other way round; undefined for a path that does not lead to a claim about the subject. */
export function claimPathFromDocument(format: CredentialFormatId, path: ClaimPath): ClaimPath | undefined {
	const root = formatOf(format).claimsRoot;
	return path.length > root.length && root.every((part, index) => path[index] === part) ? path.slice(root.length) : undefined;
}
