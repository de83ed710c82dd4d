/**
 * A link to a page or an address in Markdown: `[title](target)`, also with the target in angle brackets and a hint
 * behind it. Its groups are `title` and `target`; it wants the flag `i`. A title may have brackets in it; each choice in it is told by its first character, so
 * that nothing is tried twice.
 */
export const MARKDOWN_LINK = String.raw`\[(?<title>(?:\\[^]|[^[\]\\]|\[(?:\\[^]|[^[\]\\]){0,200}\]){0,500})\]\(<?(?<target>(?:https?:\/\/|mailto:)[^\s<>()]{1,10000})>?(?: {1,10}(?:"[^"]{0,300}"|'[^']{0,300}'))?\)`;

const AT_START = new RegExp(`^${MARKDOWN_LINK}`, 'i');

/** Whether a text begins with a link in Markdown. */
export function startsWithLink(text: string): boolean {
	return AT_START.test(text);
}
