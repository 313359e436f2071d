import { PassThrough } from 'node:stream';
import { encodeQr } from '@holdfast/qr';

// A sheet of codes to cut: one for each person, two in a row, four rows on a page of A4.

export interface Slip {
	readonly number: number;
	/** For whom. */
	readonly label: string;
	readonly link: string;
}

export interface SheetText {
	readonly title: string;
	/** What the holder is to do, under each code. */
	readonly hint: string;
}

const PAGE = { width: 595.28, height: 841.89 };
const COLUMNS = 2;
const ROWS = 4;
const MARGIN = 28;
const CODE = 118;
const QUIET = 4;
const HEAD = 24;
const CELL = { width: (PAGE.width - 2 * MARGIN) / COLUMNS, height: (PAGE.height - 2 * MARGIN - HEAD) / ROWS };

// What the standard fonts of PDF have (WinAnsi). Other letters are printed as their base letter where they have one.
const BASE: Readonly<Record<string, string>> = { Ł: 'L', ł: 'l', Đ: 'D', đ: 'd', Ħ: 'H', ħ: 'h', ı: 'i', Ŧ: 'T', ŧ: 't', Ș: 'S', ș: 's', ĸ: 'k' };
const PRINTABLE = /^[\u0020-\u007e\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]$/;

/** A text as the sheet can print it; letters that it cannot print become question marks, and the number tells whose it is. */
export const printable = (text: string): string =>
	[...text.normalize('NFC')]
		.map((letter) => {
			if (PRINTABLE.test(letter)) return letter;
			const base = BASE[letter] ?? letter.normalize('NFKD').replace(/\p{M}/gu, '');
			return [...base].every((part) => PRINTABLE.test(part)) && base !== '' ? base : '?';
		})
		.join('');

/** The PDF as it is made, page by page: thousands of codes are never in memory together. Throws what `slips` throws. */
export async function* sheetOf(slips: AsyncIterable<Slip> | Iterable<Slip>, text: SheetText): AsyncGenerator<Uint8Array, void> {
	// It brings fonts and compression along: a tenth of a second that only a sheet should cost.
	const { default: PDFDocument } = await import('pdfkit');
	const document = new PDFDocument({
		size: 'A4',
		margin: 0,
		autoFirstPage: false,
		info: { Title: printable(text.title), Producer: 'Holdfast', Creator: 'Holdfast' },
	});
	const out = document.pipe(new PassThrough({ highWaterMark: 1 << 20 }));
	const drawn = draw(document, slips, text).then(
		() => document.end(),
		(error: Error) => out.destroy(error),
	);
	for await (const chunk of out) yield chunk as Uint8Array;
	await drawn;
}

async function draw(document: PDFKit.PDFDocument, slips: AsyncIterable<Slip> | Iterable<Slip>, text: SheetText): Promise<void> {
	let count = 0;
	for await (const slip of slips) {
		const place = count % (COLUMNS * ROWS);
		if (place === 0) {
			document.addPage();
			document.font('Helvetica').fontSize(9).fillColor('#444444').text(printable(text.title), MARGIN, MARGIN, { lineBreak: false });
			// Pages that are finished leave the memory while the next one is drawn.
			await new Promise((resolve) => setImmediate(resolve));
		}
		drawSlip(document, slip, text, MARGIN + (place % COLUMNS) * CELL.width, MARGIN + HEAD + Math.floor(place / COLUMNS) * CELL.height);
		count += 1;
	}
	if (count === 0) document.addPage();
}

function drawSlip(document: PDFKit.PDFDocument, slip: Slip, text: SheetText, left: number, top: number): void {
	document.lineWidth(0.5).dash(3, { space: 3 }).strokeColor('#999999').rect(left, top, CELL.width, CELL.height).stroke().undash();
	const { size, modules } = encodeQr(slip.link);
	const unit = CODE / (size + 2 * QUIET);
	const [x, y] = [left + 8 + QUIET * unit, top + 8 + QUIET * unit];
	for (const [row, line] of modules.entries()) {
		for (let column = 0; column < size; column += 1) {
			if (!line[column]) continue;
			let end = column;
			while (end < size && line[end]) end += 1;
			document.rect(x + column * unit, y + row * unit, (end - column) * unit, unit);
			column = end;
		}
	}
	document.fill('#000000');
	const words = { width: CELL.width - CODE - 28, ellipsis: true };
	document
		.font('Helvetica-Bold')
		.fontSize(12)
		.fillColor('#000000')
		.text(printable(slip.label), left + CODE + 16, top + 16, { ...words, height: 60 });
	document
		.font('Helvetica')
		.fontSize(9)
		.fillColor('#444444')
		.text(`No. ${slip.number}`, left + CODE + 16, top + 84, { ...words, height: 12 });
	document.text(printable(text.hint), left + 12, top + CODE + 14, { width: CELL.width - 24, height: CELL.height - CODE - 18, ellipsis: true });
}
