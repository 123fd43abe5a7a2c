// Speaks to the assistant's web API: one message out, one set of replies back.

const TIMEOUT_MS = 30000;

/** kind: "network" (nothing came back) · "busy" (worth trying again) · "refused" (trying again is no use). */
export class ApiError extends Error {
  constructor(kind, status, retryAfterS) {
    super(`${kind} ${status}`);
    this.kind = kind;
    this.status = status;
    this.retryAfterS = retryAfterS;
  }
}

function fault(response) {
  const again = response.status >= 500 || [408, 425, 429].includes(response.status);
  const seconds = Number(response.headers.get("Retry-After"));
  return new ApiError(again ? "busy" : "refused", response.status, seconds > 0 ? Math.min(seconds, 60) : 0);
}

export class Api {
  constructor(base) {
    this.base = base;
  }

  url(path, query) {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(query || {})) {
      if (value !== null) url.searchParams.set(name, value);
    }
    return url.href;
  }

  async fetchJson(url, options) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(url, { ...options, credentials: "omit", signal: abort.signal });
      if (!response.ok) throw fault(response);
      return response.status === 204 ? null : await response.json();
    } catch (error) {
      if (error.kind) throw error;
      const busy = abort.signal.aborted || error instanceof SyntaxError;
      throw new ApiError(busy ? "busy" : "network", 0, 0);
    } finally {
      clearTimeout(timer);
    }
  }

  async send(conversationId, item) {
    const said = item.payload ? { payload: item.payload } : { text: item.text };
    const body = await this.fetchJson(this.url("api/v1/messages"), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ conversation_id: conversationId, message_id: item.message_id, ...said }),
    });
    if (!body || !Array.isArray(body.replies)) throw new ApiError("busy", 200, 0);
    return body;
  }

  eventsUrl(conversationId, after) {
    return this.url("api/v1/events", { conversation_id: conversationId, after });
  }

  poll(conversationId, after) {
    return this.fetchJson(this.url("api/v1/events/poll", { conversation_id: conversationId, after }));
  }
}
