// What a verification found; there is one only where everything held.

export class Report {
  constructor(channel) {
    this.channel = channel;
    this.entries = 0;
    this.signatures = 0;
    this.proven = [];
    this.notProven = [];
  }

  proves(code, values = {}) {
    this.proven.push({ code, values });
  }

  leaves(code, values = {}) {
    this.notProven.push({ code, values });
  }

  // What no signature proves, whatever is verified.
  leavesWhatAlwaysIs(ownPolicy) {
    this.leaves(ownPolicy ? "whose-keys-given" : "whose-keys-inside");
    for (const code of ["truth", "person", "clocks", "what-followed"]) this.leaves(code);
  }
}
