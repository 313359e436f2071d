import { dependencyLicences, errorCodes, exactVersions, licenceField, lockfileHosts, noConsole, packageContents } from './contents.mjs';
import {
	cycles,
	declaredDependencies,
	electronNames,
	features,
	insidePackage,
	packageOrder,
	rendererPackages,
	rendererReach,
	runtimes,
	veramo,
} from './imports.mjs';

export const RULES = [
	packageOrder,
	rendererPackages,
	rendererReach,
	features,
	runtimes,
	veramo,
	electronNames,
	declaredDependencies,
	insidePackage,
	cycles,
	packageContents,
	licenceField,
	exactVersions,
	errorCodes,
	noConsole,
	dependencyLicences,
	lockfileHosts,
];

/** Every finding of every rule, in the order of the files. */
export function checkWorkspace(workspace, rules = RULES) {
	return rules
		.flatMap((rule) => [...rule.check(workspace)].map((finding) => ({ ...finding, rule: rule.name, why: rule.why })))
		.sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
}

export function formatFinding({ path, line, rule, message, why }) {
	return `${path}:${line} ${rule} – ${message}: ${why}`;
}
