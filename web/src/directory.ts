/** The pages of people and groups, in one script: who opens one soon opens the next. */

import "./styles/directory.css";

export { GroupPage } from "./groups/GroupPage";
export { GroupsPage } from "./groups/GroupsPage";
export { AccountPage } from "./people/AccountPage";
export { PeoplePage } from "./people/PeoplePage";
export { UserPage } from "./people/UserPage";
