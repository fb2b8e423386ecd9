// An account with branches: one branch, its revisions, its one open draft. It stands before the real server, and
// answers what such an account answers; everything else goes on to the server.
(() => {
  const real = window.fetch.bind(window);
  const first = { dispositionMetrics: [
    { identifier: 'resolved', dispositionMetricType: 'BOOLEAN', dispositionMetricPrompt: 'Was the request of the caller settled?' },
    { identifier: 'reason', dispositionMetricType: 'ENUM', dispositionMetricPrompt: 'What was wanted? Options: a, b', choices: ['a', 'b'] },
  ], successMetrics: [{ kept: true }] };
  const stored = JSON.parse(sessionStorage.getItem('branches') ?? 'null');
  const account = stored ?? { revisions: [{ id: 'r1', label: 'First', config: first }], live: 'r1', draft: null, puts: 0, scans: 0 };
  window.account = account;
  const keep = () => sessionStorage.setItem('branches', JSON.stringify(account));
  const answer = (data, status = 200, more = {}) =>
    new Response(JSON.stringify(status < 300 ? { status: true, data } : { status: false, errors: [data], ...more }), { status, headers: { 'Content-Type': 'application/json' } });
  const described = (of, at) => ({ _id: of.id, revisionNumber: at + 1, label: of.label, status: 'published', securityCheck: { status: 'passed' } });
  const head = () => account.revisions.at(-1);
  const commit = () => {
    account.revisions.push({ id: `r${account.revisions.length + 1}`, label: account.pending.label, config: account.pending.config });
    account.pending = null;
  };
  // What one configuration has otherwise than another, as the vendor's diff tells it; lists that grew by place.
  const changes = (before, after, path = 'postCallAnalyticsConfig') => {
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const both = [before, after];
    if (both.every(Array.isArray)) {
      return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => changes(before[at], after[at], `${path}[${at}]`)).flat();
    }
    if (both.every(of => of && typeof of === 'object' && !Array.isArray(of))) {
      return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(key => changes(before[key], after[key], `${path}.${key}`));
    }
    return [{ path, oldValue: before, newValue: after }];
  };
  const routes = (method, path, body) => {
    if (/^\/versions|^\/drafts/.test(path)) {
      return answer('This account uses branches.', 409, { error_type: 'versioning_v2_migration_required' });
    }
    if (path === '') return answer({ _id: 'agent', versionId: account.live, _resolvedConfig: { postCallAnalyticsConfig: account.revisions.find(of => of.id === account.live).config } });
    if (path === '/branches') return answer({ branches: [{ branch: { _id: 'b1', name: 'main', isDefault: true, headRevisionId: head().id }, isLive: true, hasOpenDraft: !!account.draft }] });
    if (path === '/branches/b1/revisions') return answer({ revisions: account.revisions.map(described).reverse(), total: account.revisions.length });
    const revision = path.match(/^\/branches\/b1\/revisions\/(.+)$/)?.[1];
    if (revision) {
      const at = account.revisions.findIndex(of => of.id === revision);
      return at < 0 ? answer('No such revision.', 404) : answer({ revision: described(account.revisions[at], at), resolvedConfig: { postCallAnalyticsConfig: account.revisions[at].config } });
    }
    if (path === '/diff') return answer({ unchangedSections: [], diffs: [{ section: 'analytics', changes: account.draft ? changes(head().config, account.draft.config) : [] }] });
    if (path === '/branches/b1/draft') {
      if (method === 'PUT') {
        if (account.draft && body.expectedRevision !== undefined && body.expectedRevision !== account.draft.revision) return answer('Somebody changed it.', 409);
        account.draft = { revision: (account.draft?.revision ?? 0) + 1, config: body.postCallAnalyticsConfig };
        account.puts += 1;
      } else if (method === 'DELETE') account.draft = null;
      if (!account.draft) return answer('No draft.', method === 'DELETE' ? 200 : 404);
      const latest = { _id: 'd1', draftId: 'd1', draftRevision: account.draft.revision };
      return answer(method === 'GET' ? { latest, editHistory: [], editCount: account.draft.revision } : latest);
    }
    if (path === '/branches/b1/draft/publish') {
      account.pending = { label: body.label, config: account.draft.config };
      account.draft = null;
      setTimeout(() => { commit(); keep(); }, 1500);
      return answer({ state: 'scanning' });
    }
    if (path === '/branches/b1/live') {
      account.live = head().id;
      return answer({});
    }
    return null;
  };
  window.fetch = async (input, options) => {
    const request = new Request(input, options);
    const url = new URL(request.url);
    const path = url.pathname.match(/^\/atoms\/v1\/agent\/[^/]+(.*)$/)?.[1];
    if (path === undefined) return real(input, options);
    const text = request.method === 'GET' ? '' : await request.clone().text();
    const made = routes(request.method, path, text ? JSON.parse(text) : {});
    keep();
    return made ?? real(input, options);
  };
})();
