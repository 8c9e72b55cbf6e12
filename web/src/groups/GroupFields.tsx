import type { Group } from "../api/types";
import { Choices } from "../ui/Choices";

export interface GroupValues {
  name: string;
  visibility: Group["visibility"];
}

export function groupValues(form: HTMLFormElement): GroupValues {
  const values = new FormData(form);
  return {
    name: String(values.get("name")).trim(),
    visibility: values.get("visibility") === "private" ? "private" : "listed",
  };
}

/** What a group is called and who sees it. */
export function GroupFields({ name, visibility }: GroupValues) {
  return (
    <>
      <label>
        Name
        <input name="name" defaultValue={name} dir="auto" autoComplete="off" required />
      </label>
      <Choices
        legend="Who sees it"
        name="visibility"
        chosen={visibility}
        options={[
          {
            value: "listed",
            name: "Listed",
            help: "Everybody here can find it and see who is in it.",
          },
          {
            value: "private",
            name: "Private",
            help: "For others than its members it is not there.",
          },
        ]}
      />
    </>
  );
}
