const IMAGE_DATA_URL = /^data:image\/(?:png|jpeg|webp|gif|avif|svg\+xml)(?:;[a-z0-9=-]+)*,/i;
/** Characters; a logo or portrait that is larger than this is not shown. */
const MAX_LENGTH = 3_000_000;

/**
 * `url` if it is a picture inside a `data:` URL, else undefined. Anything else would be fetched and tell its
 * host that this person looks at this document. An SVG in an `<img>` runs no script and loads nothing.
 */
export function imageDataUrl(url: string | undefined): string | undefined {
	return url !== undefined && url.length <= MAX_LENGTH && IMAGE_DATA_URL.test(url) ? url : undefined;
}
