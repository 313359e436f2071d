import { crc32 } from 'node:zlib';

/** A packed file with its parts unpacked inside: enough of ZIP for a reader. */
export function packed(parts: Readonly<Record<string, string>>, lie: { readonly size?: number } = {}): Buffer {
	const locals: Buffer[] = [];
	const central: Buffer[] = [];
	let at = 0;
	for (const [name, text] of Object.entries(parts)) {
		const data = Buffer.from(text);
		const label = Buffer.from(name);
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt32LE(crc32(data), 10);
		common.writeUInt32LE(lie.size ?? data.length, 14);
		common.writeUInt32LE(lie.size ?? data.length, 18);
		common.writeUInt16LE(label.length, 22);
		const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, label, data]);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(at, 10);
		central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, label]));
		locals.push(local);
		at += local.length;
	}
	const list = Buffer.concat(central);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(central.length, 4);
	end.writeUInt16LE(central.length, 6);
	end.writeUInt32LE(list.length, 8);
	end.writeUInt32LE(at, 12);
	return Buffer.concat([...locals, list, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
