// The choices that both ways to issue have: one document by the form, many by the table.

export const VALIDITY = [
	{ value: '30', label: '30 days' },
	{ value: '90', label: '90 days' },
	{ value: '365', label: '1 year' },
	{ value: '730', label: '2 years' },
	{ value: '1825', label: '5 years' },
	{ value: '3650', label: '10 years' },
] as const;

/** How long an offer can be collected. */
export const EXPIRY = [
	{ value: '15', label: '15 minutes' },
	{ value: '60', label: '1 hour' },
	{ value: '1440', label: '1 day' },
	{ value: '10080', label: '7 days' },
	{ value: '43200', label: '30 days' },
	{ value: '129600', label: '90 days' },
] as const;

/** A single offer is not handed out on paper: it need not be open for so long. */
export const SHORT_EXPIRY = EXPIRY.slice(0, -1);
