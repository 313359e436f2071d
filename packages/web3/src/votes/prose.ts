import { displayText } from '@holdfast/kernel';
import { Lexer, type Token, type Tokens } from 'marked';

/** A piece of a proposal's text: pictures and HTML are gone, and a link keeps its address, so that its host can be said. */
export interface ProseBlock {
	readonly kind: 'heading' | 'paragraph' | 'item' | 'quote' | 'code' | 'rule';
	readonly parts: readonly ProsePart[];
}

export interface ProsePart {
	readonly text: string;
	readonly strong: boolean;
	/** https only; null for plain text. */
	readonly url: string | null;
}

const MAX_TEXT = 40_000;
const MAX_BLOCKS = 1500;
const MAX_DEPTH = 8;

/**
 * Reads Markdown from outside. Nothing is fetched and no HTML is kept: a picture becomes its description, a link its words with the
 * address beside it, whatever Markdown they stand in.
 */
export function prose(markdown: string): ProseBlock[] {
	const blocks: ProseBlock[] = [];
	const cut = markdown.length > MAX_TEXT;
	walk(lex(cut ? markdown.slice(0, MAX_TEXT) : markdown), 'paragraph', 0, blocks);
	const kept = blocks.slice(0, MAX_BLOCKS);
	if (cut || kept.length < blocks.length)
		kept.push({ kind: 'paragraph', parts: [{ text: 'The text is longer than what is shown here.', strong: true, url: null }] });
	return kept;
}

/** The lexer calls itself for each level of nesting: text that is made to exhaust it is read as plain lines. */
function lex(text: string): Token[] {
	try {
		return new Lexer({ gfm: true }).lex(text.replace(/^(?:[ \t]*>){8,}/gm, '>'));
	} catch {
		return text.split('\n').map((line) => ({ type: 'text', raw: line, text: line }));
	}
}

function walk(tokens: readonly Token[], kind: ProseBlock['kind'], depth: number, into: ProseBlock[]): void {
	const add = (as: ProseBlock['kind'], parts: readonly ProsePart[]) => {
		const kept = parts.filter(({ text }) => text !== '');
		if (kept.some(({ text }) => text.trim() !== '')) into.push({ kind: as, parts: kept });
	};
	if (depth > MAX_DEPTH) {
		add(kind, [plain(tokens.map(({ raw }) => raw).join(' '))]);
		return;
	}
	for (const token of tokens) {
		switch (token.type) {
			case 'space':
			case 'def':
				break;
			case 'hr':
				into.push({ kind: 'rule', parts: [] });
				break;
			case 'heading':
				add('heading', inline((token as Tokens.Heading).tokens));
				break;
			case 'code':
				for (const line of (token as Tokens.Code).text.split('\n')) add('code', [plain(line)]);
				break;
			case 'list':
				for (const item of (token as Tokens.List).items) walk(item.tokens, 'item', depth + 1, into);
				break;
			case 'blockquote':
				walk((token as Tokens.Blockquote).tokens, 'quote', depth + 1, into);
				break;
			case 'table': {
				const { header, rows } = token as Tokens.Table;
				for (const row of [header, ...rows])
					add(
						'item',
						row.flatMap((cell, index) => [...(index === 0 ? [] : [plain(' | ')]), ...inline(cell.tokens)]),
					);
				break;
			}
			default: {
				const inner = 'tokens' in token ? token.tokens : undefined;
				add(kind, inner ? inline(inner) : inline([token]));
			}
		}
	}
}

function inline(tokens: readonly Token[], strong = false, depth = 0): ProsePart[] {
	return tokens.flatMap((token): ProsePart[] => {
		switch (token.type) {
			case 'br':
				return [plain(' ', strong)];
			case 'html':
				return [];
			case 'image':
				return [plain(token.text ? `[picture: ${token.text}]` : '[picture]', strong)];
			case 'link': {
				const words = inline(token.tokens ?? [], strong, depth + 1)
					.map(({ text }) => text)
					.join('');
				const url = httpsUrl(String(token.href));
				return [{ text: words || clean(String(token.href)), strong, url }];
			}
			default: {
				const inner = 'tokens' in token ? token.tokens : undefined;
				if (inner && depth < MAX_DEPTH) return inline(inner, strong || token.type === 'strong', depth + 1);
				return [plain('text' in token ? String(token.text) : token.raw, strong)];
			}
		}
	});
}

const plain = (text: string, strong = false): ProsePart => ({ text: clean(text), strong, url: null });

/** Cleaned, with the space at its ends kept: parts stand beside each other. */
function clean(text: string): string {
	const inner = displayText(text, 20_000);
	if (inner === '') return text === '' ? '' : ' ';
	return `${/^\s/.test(text) ? ' ' : ''}${inner}${/\s$/.test(text) ? ' ' : ''}`;
}

function httpsUrl(href: string): string | null {
	const url = URL.parse(href);
	return url?.protocol === 'https:' && url.username === '' && url.password === '' && url.href.length <= 2048 ? url.href : null;
}
