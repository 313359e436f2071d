import type { CallInput, CredentialFormat } from '@holdfast/contract';
import { type Command, Option } from 'commander';
import { jsonArgument, whole } from '../arguments.node.ts';
import type { Context } from '../context.node.ts';
import { CliError, usage } from '../errors.ts';
import type { Run } from '../main.node.ts';
import { claimLines, issuedLine, offerWords } from '../words.ts';
import { batchCommand } from './batch.node.ts';

interface IssueOptions {
	type: string;
	issuer: string;
	claims: string;
	format: CredentialFormat;
	validDays: number;
	basis?: string;
}

function readClaims(argument: string): CallInput<'issue.prepare'>['claims'] {
	const value = jsonArgument('--claims', argument);
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as CallInput<'issue.prepare'>['claims'];
	throw usage('--claims takes a JSON object.');
}

async function issue(context: Context, options: IssueOptions, delivery: CallInput<'issue.prepare'>['delivery']) {
	await context.unlock();
	const review = await context.call('issue.prepare', {
		typeId: options.type,
		format: options.format,
		issuerDid: options.issuer,
		claims: readClaims(options.claims),
		validDays: options.validDays,
		...(options.basis === undefined ? {} : { basis: options.basis }),
		delivery,
	});
	if (!(await context.approve(`${review.issuer.name} signs: ${review.typeName}\n${claimLines(review.lines)}\n${review.warnings.join('\n')}`))) {
		await context.call('issue.refuse', { id: review.id });
		throw new CliError('cli/not-approved', 'Nothing was signed.');
	}
	return context.call('issue.approve', { id: review.id });
}

const withIssueOptions = (command: Command): Command =>
	command
		.requiredOption('--type <id>', 'credential type (holdfast types)')
		.requiredOption('--issuer <did>', 'an identity of this wallet')
		.requiredOption('--claims <json>', 'the claims: JSON, @file or -')
		.addOption(new Option('--format <format>', 'the format').choices(['dc+sd-jwt', 'jwt_vc_json']).default('dc+sd-jwt'))
		.option('--valid-days <n>', 'how long it is valid', whole('--valid-days'), 365)
		.option('--basis <text>', 'the ground or consent, kept in the register');

export function issuerCommands(program: Command, run: Run): void {
	program
		.command('types')
		.description('credential types that can be issued')
		.action(
			run(async (context) => {
				await context.unlock();
				const types = await context.call('issue.types', {});
				context.print(
					types,
					types
						.map(
							(type) =>
								`${type.id}  ${type.name}\n${type.fields.map((field) => `    ${field.path.join('.')}${field.required ? '' : ' (optional)'}`).join('\n')}`,
						)
						.join('\n'),
				);
			}),
		);

	// Its options are not required ones for commander: a subcommand shares them and needs other ones.
	const issuing = program
		.command('issue')
		.description('sign a document for a holder whose DID you know')
		.option('--type <id>', 'credential type (holdfast types)')
		.option('--issuer <did>', 'an identity of this wallet')
		.option('--claims <json>', 'the claims: JSON, @file or -')
		.addOption(new Option('--format <format>', 'the format').choices(['dc+sd-jwt', 'jwt_vc_json']).default('dc+sd-jwt'))
		.option('--valid-days <n>', 'how long it is valid', whole('--valid-days'), 365)
		.option('--basis <text>', 'the ground or consent, kept in the register')
		.option('--holder <did>', "the holder's DID")
		.action(
			run(async (context, given: Partial<IssueOptions> & Pick<IssueOptions, 'format' | 'validDays'> & { holder?: string }) => {
				const { type, issuer, claims, holder } = given;
				if (type === undefined || issuer === undefined || claims === undefined || holder === undefined)
					throw usage('A document needs --type, --issuer, --claims and --holder. For a table, see: holdfast issue batch --help.');
				const options = { ...given, type, issuer, claims, holder };
				const { credential } = await issue(context, options, { kind: 'direct', holderDid: options.holder });
				context.print({ credential }, credential ?? '');
			}),
		);

	batchCommand(issuing, run);

	withIssueOptions(program.command('offer').description('offer a document by link (OpenID4VCI); needs "holdfast serve issuer"'))
		.option('--tx-code', 'ask the holder for a code as well')
		.option('--by-reference', 'a short link that points to the offer')
		.option('--expires-in <minutes>', 'how long the offer is open', whole('--expires-in'), 1440)
		.action(
			run(async (context, options: IssueOptions & { txCode?: boolean; byReference?: boolean; expiresIn: number }) => {
				const { offer } = await issue(context, options, {
					kind: 'offer',
					txCode: options.txCode ?? false,
					byReference: options.byReference ?? false,
					expiresInMinutes: options.expiresIn,
				});
				context.print(offer, offer ? offerWords(offer) : '');
			}),
		);

	const offers = program.command('offers').description('offers that were made');
	offers
		.command('list')
		.description('every offer and its state')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('issue.offers', {});
				context.print(all, all.map((each) => `${each.id}  ${each.typeName}, ${each.subtitle}  ${each.state}`).join('\n'));
			}),
		);
	offers
		.command('cancel <id>')
		.description('withdraw an offer')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				context.print(await context.call('issue.cancelOffer', { id }), 'Cancelled.');
			}),
		);

	program
		.command('issued')
		.description('documents that were issued')
		.action(
			run(async (context) => {
				await context.unlock();
				const all = await context.call('issue.issued', {});
				context.print(all, all.map(issuedLine).join('\n'));
			}),
		);

	program
		.command('revoke <id>')
		.description('revoke a document that was issued, with all its copies, for good (holdfast issued)')
		.action(
			run(async (context, _options, id: string) => {
				await context.unlock();
				const document = (await context.call('issue.issued', {})).find((each) => each.id === id);
				// What does not exist, or cannot be revoked, is said without a question first.
				if (document?.revocation === 'possible' && !(await context.approve(`Revoke for good: ${issuedLine(document)}`)))
					throw new CliError('cli/not-approved', 'Nothing was revoked.');
				const all = await context.call('issue.revoke', { id });
				context.print(
					all.find((each) => each.id === id),
					'Revoked. Wallets and verifiers learn it from your list; where that is a folder, publish it again: holdfast revocations publish.',
				);
			}),
		);

	program
		.command('revocations')
		.description('lists of revoked documents')
		.command('publish <folder>')
		.description('write the signed lists into the folder that is served at your issuing address; at least once a day')
		.action(
			run(async (context, _options, folder: string) => {
				await context.unlock();
				context.allowFolder(folder);
				const { path } = await context.call('issue.publishRevocations', {});
				context.print({ path }, `Written to ${path}.`);
			}),
		);
}
