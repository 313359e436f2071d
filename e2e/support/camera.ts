import { Buffer } from 'node:buffer';
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import type { Locator } from 'playwright';
import type { Wallet } from './wallet.ts';

// A camera that is not there: Chromium plays a film (YUV4MPEG2) that the test writes. It reads the file again and again, so what is
// written over it is what the camera sees from then on.

const WIDTH = 640;
const HEIGHT = 480;
/** Frames of the film, whatever is on them: the file keeps its size. */
const LENGTH = 60;
const PER_SECOND = 15;
const HEADER = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${PER_SECOND}:1 Ip A1:1 C420jpeg\n`;

/** Grey pixels, row by row. */
type Picture = Buffer;

const blank: Picture = Buffer.alloc(WIDTH * HEIGHT, 128);

export class FakeCamera {
	readonly #path: string;

	constructor(path: string) {
		this.#path = path;
		this.show([blank]);
	}

	get switches(): string[] {
		return ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${this.#path}`];
	}

	/** From now on the camera sees these pictures, one after the other, without end. */
	show(pictures: readonly Picture[]): void {
		// In place and of the same length: the browser has it open, and gives the camera up where it finds an end.
		const file = openSync(this.#path, existsSync(this.#path) ? 'r+' : 'w');
		const colour = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
		const frames = Array.from({ length: LENGTH }, (_, index) => [Buffer.from('FRAME\n'), pictures[index % pictures.length] ?? blank, colour]);
		writeSync(file, Buffer.concat([Buffer.from(HEADER), ...frames.flat()]), 0, undefined, 0);
		closeSync(file);
	}

	/**
	 * Films a code on a wallet's screen and plays the film to this camera, on and on until `read` is there: which frames get lost is
	 * chance, and some twenty are not always enough. Gives all that the camera has seen.
	 */
	async watch(wallet: Wallet, code: Locator, filming: Filming, read: Locator): Promise<readonly Picture[]> {
		const seen: Picture[] = [];
		for (let round = 0; round < 4; round++) {
			const film = await filmCode(wallet, code, filming, round);
			seen.push(...film);
			this.show(film);
			const isRead = await read.waitFor({ timeout: 5000 }).then(
				() => true,
				() => false,
			);
			if (isRead) return seen;
		}
		throw new Error('The camera saw the film four times, and it was not read');
	}

	showNothing(): void {
		this.show([blank]);
	}
}

export interface Filming {
	/** Frames to wait for, those that get lost included. */
	readonly frames: number;
	/** Share of them that gets lost, evenly spread by a small generator. */
	readonly lost: number;
	/** Degrees by which the camera is turned. */
	readonly angle: number;
	/** Size of the code in the picture, of its size on the screen. */
	readonly scale: number;
}

/** Films a code on a wallet's screen as it changes, and sees it turned and smaller. */
async function filmCode(wallet: Wallet, code: Locator, { frames, lost, angle, scale }: Filming, seed: number): Promise<Picture[]> {
	const box = await code.boundingBox();
	if (!box) throw new Error('There is no code to film');
	const seen: Picture[] = [];
	let dice = 7 + seed;
	let last: Buffer | undefined;
	for (let passed = 0; passed < frames; ) {
		const png = await wallet.page.screenshot({ clip: box });
		// The same frame still.
		if (last?.equals(png)) continue;
		last = png;
		passed += 1;
		dice = (dice * 1_103_515_245 + 12_345) % 2 ** 31;
		if (dice / 2 ** 31 < lost) continue;
		const grey = await wallet.page.evaluate(
			async ({ base64, angle, scale, width, height }) => {
				const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
				const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
				const context = new OffscreenCanvas(width, height).getContext('2d');
				if (!context) throw new Error('no canvas');
				context.fillStyle = '#999';
				context.fillRect(0, 0, width, height);
				context.translate(width / 2, height / 2);
				context.rotate((angle * Math.PI) / 180);
				context.scale(scale, scale);
				context.drawImage(picture, -picture.width / 2, -picture.height / 2);
				const { data } = context.getImageData(0, 0, width, height);
				let text = '';
				for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at] ?? 0);
				return btoa(text);
			},
			{ base64: png.toString('base64'), angle, scale, width: WIDTH, height: HEIGHT },
		);
		seen.push(Buffer.from(grey, 'base64'));
	}
	return seen;
}
