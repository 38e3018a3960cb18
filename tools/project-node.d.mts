// Types of project-node.mjs, which is plain JavaScript because an old Node runs it first.

export const nodeMajorNeeded: number;
export function findProjectNode(root: string, platform?: string, arch?: string): string | null;
