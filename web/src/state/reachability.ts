/** Whether the server answered when it was last asked. */
export class Reachability {
  #reachable = true;
  readonly #watchers = new Set<() => void>();

  readonly snapshot = (): boolean => this.#reachable;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly tell = (reachable: boolean): void => {
    if (reachable === this.#reachable) return;
    this.#reachable = reachable;
    for (const watcher of this.#watchers) watcher();
  };
}
