// Posts what happens in opencode to a sidecar. At a session's start it adds what only a process in the work tree can
// know: remote, commit, branch, and the blob hash of every rules file as it lies on disk.
// Needs SIDECAR_URL. Never makes opencode wait or fail.
const EVENTS = new Set(["session.created", "session.updated", "session.idle", "session.error", "message.updated"]);
const RULES = ["CLAUDE.md", "AGENTS.md", "GEMINI.md", ".clinerules"];

export const Sidecar = async ({ $, directory }) => {
  const url = `${process.env.SIDECAR_URL}/hooks/opencode`;
  const posted = new Set();
  const post = (body) => {
    const headers = {
      "Content-Type": "application/json",
      "X-Sidecar-Observed-Ns": `${BigInt(Date.now()) * 1000000n}`,
    };
    const sent = fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(2000) })
      .catch(() => {})
      .finally(() => posted.delete(sent));
    posted.add(sent);
  };
  const git = async (...words) => {
    const run = await $`git ${words}`.cwd(directory).quiet().nothrow();
    return run.exitCode === 0 ? run.stdout.toString().trim() : "";
  };
  const measured = async () => {
    const rules = [];
    for (const path of RULES) {
      const sha = await git("hash-object", "--no-filters", path);
      if (sha) rules.push({ path, sha });
    }
    const repository = {
      remote: await git("config", "--get", "remote.origin.url"),
      head: await git("rev-parse", "HEAD"),
      branch: await git("symbolic-ref", "--quiet", "--short", "HEAD"),
    };
    return { repository, rules };
  };
  return {
    "chat.message": async (input, output) => post({ type: "chat.message", input, output }),
    event: async ({ event }) => {
      if (event.type === "session.created") {
        post({ hook: event, ...(await measured()) });
      } else if (EVENTS.has(event.type) || isFinished(event)) {
        post(event);
      }
      if (event.type === "session.idle") await Promise.allSettled([...posted]);
    },
  };
};

// A part is sent when it is whole: a text when it has an end, a call when it has come back.
function isFinished(event) {
  if (event.type !== "message.part.updated") return false;
  const part = event.properties.part;
  if (part.type === "tool") return part.state.status === "completed" || part.state.status === "error";
  return part.type === "text" && (part.time === undefined || part.time.end !== undefined);
}
