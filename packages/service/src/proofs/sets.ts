// Public sets that have a name, so that a person reads "the countries of the EU" instead of 27 codes.

interface NamedSet {
	/** Continues "one of …". */
	readonly name: string;
	readonly values: readonly string[];
}

/** Member states of the European Union (ISO 3166-1 alpha-2), as of 2026. */
export const EU_COUNTRIES: readonly string[] = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ');

const NAMED: readonly NamedSet[] = [
	{ name: 'the countries of the EU', values: EU_COUNTRIES },
	{ name: 'the countries of the European Economic Area', values: [...EU_COUNTRIES, 'IS', 'LI', 'NO'] },
];

/** The name of exactly this set, in whatever order. */
export const nameOfSet = (values: readonly unknown[]): string | undefined =>
	NAMED.find((each) => each.values.length === new Set(values).size && each.values.every((value) => values.includes(value)))?.name;
