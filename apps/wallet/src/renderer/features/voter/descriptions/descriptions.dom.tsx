import type { ContractDescription } from '@holdfast/contract';
import { Banner, Button, FileDrop, Inline, Stack, Text, useToast } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';

/** Beyond it no file is a description of a contract. */
const MOST_BYTES = 524_288;
const MOST_FILES = 50;

/** Files that say in words what contracts do, for proposals that call them. */
export function DescriptionList(): ReactElement {
	const descriptions = useQuery('descriptions.list', {}, ['daos']);
	return (
		<Stack gap={5}>
			<Text tone="muted">
				Holdfast reads the calls of a proposal by itself. Files in the form of ERC-7730, such as those of its public registry, add the words of whoever knows a
				contract. They stand beside what Holdfast reads, and can hide nothing of it.
			</Text>
			<Loaded query={descriptions} what="the descriptions">
				{(list) => list.length > 0 && <Kept list={list} />}
			</Loaded>
			<Add />
		</Stack>
	);
}

function Kept({ list }: { readonly list: readonly ContractDescription[] }): ReactElement {
	const remove = useAction('descriptions.remove');
	return (
		<Stack gap={3}>
			<ul className="app-rows hf-list-reset" aria-label="Descriptions">
				{list.map((each) => (
					<li key={each.id} className="app-row">
						<div className="app-row__words">
							<strong>{each.file}</strong>
							<Text size="sm" tone="muted">
								{each.owner === null
									? 'Other files build on it.'
									: `Says that it is from ${each.owner} · ${each.functions} ${each.functions === 1 ? 'function' : 'functions'} of ${whereWords(each)}`}
							</Text>
						</div>
						<Button size="small" isDisabled={remove.pending} onPress={() => void remove.run({ id: each.id })} aria-label={`Remove ${each.file}`}>
							Remove
						</Button>
					</li>
				))}
			</ul>
			<Problem title="It was not removed" error={remove.error} />
		</Stack>
	);
}

function whereWords({ contracts }: ContractDescription): string {
	const [first] = contracts;
	if (first === undefined) return 'no contract';
	return contracts.length === 1 ? `${first.address} on ${first.network}` : `${contracts.length} contracts, such as ${first.address} on ${first.network}`;
}

function Add(): ReactElement {
	const add = useAction('descriptions.add');
	const toast = useToast();
	const [problem, setProblem] = useState<string>();
	const take = async (files: readonly File[]) => {
		add.clear();
		const fitting = files.filter(({ size }) => size > 0 && size <= MOST_BYTES);
		if (files.length > MOST_FILES || fitting.length < files.length) {
			setProblem(files.length > MOST_FILES ? 'Add at most 50 files at once.' : 'One of these files is empty or too large to be a description of a contract.');
			return;
		}
		setProblem(undefined);
		const read = await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
		const result = await add.run({ files: read });
		if (result.ok) toast({ title: files.length === 1 ? 'The description is added' : `${files.length} descriptions are added` });
	};
	return (
		<Stack gap={3}>
			<FileDrop
				label="Files that describe contracts"
				buttonLabel="Choose files"
				accept=".json,application/json"
				onFiles={(files) => void take(files)}
				isDisabled={add.pending}
			/>
			<Text size="sm" tone="muted">
				Add a file together with those that it builds on.
			</Text>
			{problem !== undefined && (
				<Inline>
					<Banner tone="caution">{problem}</Banner>
				</Inline>
			)}
			<Problem title="Nothing was added" error={add.error} />
		</Stack>
	);
}
