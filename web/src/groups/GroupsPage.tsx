import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { PageHeader } from "../frame/PageHeader";
import { paths } from "../model/paths";
import { useSettled } from "../state/people";
import { useTitle } from "../state/title";
import { Icon } from "../ui/Icon";
import { SearchField } from "../ui/SearchField";
import { FoundGroups } from "./FoundGroups";
import { MyGroups } from "./MyGroups";
import { NewGroupDialog } from "./NewGroupDialog";

/** All groups that one may see, by name, and one's own. */
export function GroupsPage() {
  useTitle("Groups");
  const [, navigate] = useLocation();
  const onlyMine = new URLSearchParams(useSearch()).has("mine");
  const [typed, setTyped] = useState("");
  const [isMaking, setIsMaking] = useState(false);
  const prefix = useSettled(typed.trim());
  return (
    <main className="page">
      <PageHeader title="Groups">
        <button type="button" className="button button-primary" onClick={() => setIsMaking(true)}>
          <Icon name="plus" size={18} /> New group
        </button>
      </PageHeader>
      <div className="page-body">
        <div className="filters">
          <SearchField
            label="Search groups by name"
            placeholder="Search by the first letters of a name"
            typed={typed}
            type={setTyped}
          />
          <fieldset className="segments">
            <legend className="hidden">Which groups</legend>
            <Segment name="All" isChosen={!onlyMine} choose={() => navigate(paths.groups)} />
            <Segment name="Yours" isChosen={onlyMine} choose={() => navigate(paths.myGroups)} />
          </fieldset>
        </div>
        {onlyMine ? (
          <MyGroups typed={typed} make={() => setIsMaking(true)} />
        ) : (
          <FoundGroups prefix={prefix} make={() => setIsMaking(true)} />
        )}
      </div>
      {isMaking && <NewGroupDialog close={() => setIsMaking(false)} />}
    </main>
  );
}

interface SegmentProps {
  name: string;
  isChosen: boolean;
  choose: () => void;
}

function Segment({ name, isChosen, choose }: SegmentProps) {
  return (
    <label className="segment">
      <input type="radio" name="which" checked={isChosen} onChange={choose} /> {name}
    </label>
  );
}
