/** Interests, as a person types them: with commas between. */

export function interestsOf(typed: string): string[] {
  const named = typed.split(",").map((interest) => interest.trim());
  return [...new Set(named)].filter((interest) => interest !== "");
}

export function interestsText(interests: readonly string[] | undefined): string {
  return (interests ?? []).join(", ");
}
