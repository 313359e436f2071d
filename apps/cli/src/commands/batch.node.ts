import { resolve } from 'node:path';
import type { Batch, CallInput, CallOutput, CredentialFormat } from '@holdfast/contract';
import { type Command, Option } from 'commander';
import { jsonArgument, whole } from '../arguments.node.ts';
import type { Context } from '../context.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';
import { approvalCommands } from './approvals.node.ts';

interface BatchOptions {
	type?: string;
	issuer?: string;
	format: CredentialFormat;
	validDays: number;
	basis?: string;
	expiresIn: number;
	sign?: boolean;
	map?: string;
	sheet?: string;
	encoding?: NonNullable<CallInput<'import.look'>['encoding']>;
	delimiter?: NonNullable<CallInput<'import.look'>['delimiter']>;
	leaveOutWrong?: boolean;
	again?: boolean;
	out?: string;
	sheetOfCodes?: boolean;
	resume?: string;
}

type Preview = NonNullable<CallOutput<'import.open'>>;
type Use = Preview['columns'][number]['suggested'];

const WAIT_MS = 200;
const SHOWN = 20;

/** `{"Column": "given_name" | "contact" | "holder" | "nothing"}` over what was suggested. */
function columnsOf(preview: Preview, map: string | undefined): Use[] {
	if (map === undefined) return preview.columns.map(({ suggested }) => suggested);
	const given = jsonArgument('--map', map);
	if (typeof given !== 'object' || given === null || Array.isArray(given)) throw usage('--map takes a JSON object of columns and fields.');
	const wanted = new Map(Object.entries(given as Record<string, unknown>));
	for (const name of wanted.keys())
		if (!preview.columns.some((column) => column.name === name)) throw usage('--map names a column that the table does not have.');
	return preview.columns.map(({ name, suggested }): Use => {
		const field = wanted.get(name);
		if (field === undefined) return suggested;
		if (typeof field !== 'string' || field === '') throw usage('--map gives each column a field: a claim’s path, contact, holder or nothing.');
		return field === 'contact' || field === 'holder' || field === 'nothing' ? { kind: field } : { kind: 'claim', path: field.split('.') };
	});
}

async function draft(context: Context, file: string, options: BatchOptions): Promise<Batch> {
	if (options.type === undefined || options.issuer === undefined) throw usage('A table needs --type and --issuer.');
	const typeId = options.type;
	context.allowFile(file);
	let preview = await context.call('import.open', { typeId });
	if (!preview) throw usage('There is no such file.');
	const { sheet, encoding, delimiter } = options;
	if (sheet !== undefined || encoding !== undefined || delimiter !== undefined) {
		preview = await context.call('import.look', {
			id: preview.id,
			typeId,
			...(sheet === undefined ? {} : { sheet }),
			...(encoding === undefined ? {} : { encoding }),
			...(delimiter === undefined ? {} : { delimiter }),
		});
	}
	return context.call('batch.check', {
		importId: preview.id,
		typeId,
		format: options.format,
		issuerDid: options.issuer,
		validDays: options.validDays,
		...(options.basis === undefined ? {} : { basis: options.basis }),
		delivery: options.sign ? { kind: 'signed' } : { kind: 'offers', expiresInMinutes: options.expiresIn },
		columns: columnsOf(preview, options.map),
		again: options.again ?? false,
	});
}

async function problemsOf(context: Context, batch: Batch): Promise<string[]> {
	if (batch.counts.wrong === 0) return [];
	const rows = await context.call('batch.rows', { id: batch.id, state: 'wrong', limit: SHOWN });
	const lines = rows.flatMap((row) => row.problems.map((each) => `  Line ${row.position}, ${each.columnName}: ${each.message} ${each.mend}`));
	return batch.counts.wrong > SHOWN ? [...lines, `  … and ${batch.counts.wrong - SHOWN} more rows`] : lines;
}

async function untilOver(context: Context, id: string): Promise<Batch> {
	let told = -1;
	for (;;) {
		const batch = await context.call('batch.get', { id });
		const { done, waiting } = batch.counts;
		const percent = Math.floor((100 * done) / Math.max(1, done + waiting));
		if (percent >= told + 5 && context.options.json !== true) {
			told = percent;
			context.streams.err.write(`${done} of ${done + waiting}\n`);
		}
		if (batch.state !== 'running') return batch;
		await new Promise((wake) => setTimeout(wake, WAIT_MS));
	}
}

async function handOver(context: Context, batch: Batch, options: BatchOptions): Promise<string[]> {
	if (options.out === undefined || batch.counts.done === 0) return [];
	context.allowFolder(resolve(options.out));
	const kinds = batch.delivery === 'signed' ? (['credentials'] as const) : options.sheetOfCodes ? (['links', 'sheet'] as const) : (['links'] as const);
	const paths: string[] = [];
	for (const what of [...kinds, ...(batch.counts.leftOut > 0 ? (['problems'] as const) : [])]) {
		const { path } = await context.call('batch.export', { id: batch.id, what });
		if (path !== null) paths.push(path);
	}
	return paths;
}

/** One that was cut off or paused, or that has been approved since. */
async function goOn(context: Context, id: string): Promise<void> {
	const { state } = await context.call('batch.get', { id });
	if (state === 'draft') await context.call('batch.approve', { id, leaveOutWrong: true });
	else await context.call('batch.resume', { id });
}

/** `holdfast issue batch`: documents for every row of a table. */
export function batchCommand(issue: Command, run: Run): void {
	issue
		.command('batch [file]')
		.description(
			'a document for each row of a CSV, XLSX or ODS file; --type, --issuer, --format and --valid-days as for one document; offers need "holdfast serve issuer"',
		)
		.option('--expires-in <minutes>', 'how long the offers are open', whole('--expires-in'), 43_200)
		.option('--sign', 'sign for the DID that each row brings, instead of making offers')
		.option('--map <json>', 'which field each column is, where its name does not say: JSON, @file or -')
		.option('--sheet <name>', 'the sheet of a spreadsheet')
		.addOption(new Option('--encoding <name>', 'the characters of a CSV').choices(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']))
		.addOption(new Option('--delimiter <character>', 'what divides the columns of a CSV').choices([',', ';', '\t', '|']))
		.option('--leave-out-wrong', 'issue the rows that are in order, and leave out the others')
		.option('--again', 'also rows that were issued from an earlier file')
		.option('--out <folder>', 'where the links, or the signed documents, are written')
		.option('--sheet-of-codes', 'write a PDF with a QR code for each row, too')
		.option('--resume <batch>', 'go on with a batch that was cut off or paused, or waited for approvals')
		.action(
			run(async (context, options: BatchOptions, file?: string) => {
				if ((file === undefined) === (options.resume === undefined)) throw usage('Give a file, or --resume with a batch.');
				await context.unlock();
				let { resume: id } = options;
				let wrong: string[] = [];
				if (file === undefined && id !== undefined) await goOn(context, id);
				else if (file !== undefined) {
					const batch = await draft(context, file, options);
					id = batch.id;
					wrong = await problemsOf(context, batch);
					const { counts } = batch;
					const review = [
						`${batch.issuer.name} ${batch.delivery === 'offers' ? 'offers' : 'signs'} ${counts.waiting} × ${batch.typeName} from ${batch.name}.`,
						...batch.columns.map(({ name, use }) => `  ${name}: ${use}`),
						...batch.warnings,
						...(counts.wrong > 0 ? [`${counts.wrong} rows are wrong:`, ...wrong] : []),
					].join('\n');
					const stop = async (error: CliError): Promise<never> => {
						await context.call('batch.delete', { id: batch.id });
						throw error;
					};
					if (counts.wrong > 0 && !options.leaveOutWrong) {
						await stop(new CliError('batch/wrong-rows', `Some rows are wrong. Mend them, or leave them out with --leave-out-wrong.\n${wrong.join('\n')}`));
					}
					if (!(await context.approve(review))) await stop(new CliError('cli/not-approved', 'Nothing was issued.'));
					if (batch.approval) {
						const { needed, approvers } = batch.approval;
						const words = `Batch ${batch.id} waits for ${needed} of these approvals: ${approvers.map(({ name }) => name).join(', ')}. Write the request with: holdfast issue approvals request ${batch.id} <folder>. Then go on with --resume.`;
						context.print({ batch, files: [] }, words);
						return;
					}
					await context.call('batch.approve', { id: batch.id, leaveOutWrong: true });
				}
				const batch = await untilOver(context, id ?? '');
				const files = await handOver(context, batch, options);
				context.print(
					{ batch, files },
					[
						`Batch ${batch.id}: ${batch.state}. ${batch.counts.done} issued, ${batch.counts.leftOut} left out, ${batch.counts.waiting} waiting.`,
						...batch.warnings,
						...files,
					].join('\n'),
				);
			}),
		);

	approvalCommands(issue, run);

	issue
		.command('batches')
		.description('tables that were brought in')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('batch.list', {});
				context.print(
					all,
					all
						.map(
							(batch) =>
								`${batch.id}  ${batch.name}: ${batch.typeName}  ${batch.interrupted ? 'cut off' : batch.state}, ${batch.counts.done} of ${batch.counts.done + batch.counts.waiting}`,
						)
						.join('\n'),
				);
			}),
		);
}
