import { Buffer } from 'node:buffer';
import { encodeQr } from '@holdfast/qr';

/** A PDF by hand: each page has the codes of its texts, black on white, drawn as rectangles from the top. `more` goes into the catalogue. */
export function pdfOf(pages: readonly (readonly string[])[], more = ''): Buffer {
	const objects: string[] = [];
	const add = (body: string): number => objects.push(body);
	add(`<< /Type /Catalog /Pages 2 0 R ${more} >>`);
	add('');
	const kids = pages.map((texts) => {
		const drawing = texts.map((text, index) => codeAt(text, 60, 560 - index * 260)).join('\n');
		const content = add(`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`);
		return add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R >>`);
	});
	objects[1] = `<< /Type /Pages /Count ${pages.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`;
	let text = '%PDF-1.7\n';
	const offsets = objects.map((body, index) => {
		const at = text.length;
		text += `${index + 1} 0 obj\n${body}\nendobj\n`;
		return at;
	});
	const start = text.length;
	const entries = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
	text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
	return Buffer.from(text, 'latin1');
}

function codeAt(text: string, left: number, bottom: number): string {
	const { size, modules } = encodeQr(text);
	const unit = 200 / size;
	const squares = modules.flatMap((line, row) =>
		[...line].flatMap((isDark, column) => (isDark ? [`${left + column * unit} ${bottom + (size - 1 - row) * unit} ${unit} ${unit} re`] : [])),
	);
	return `0 g\n${squares.join('\n')}\nf`;
}
