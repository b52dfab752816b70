package dev.polywire.core.net;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * What a client asks an {@link HttpResponder} for.
 *
 * @param path the decoded parts between slashes: {@code [subscriptions, a/b, group]} for {@code /subscriptions/a%2Fb/group}. Text
 *     without control characters, which may be empty, {@code ..} or with a slash of its own: no path of a file
 * @param authorization as the client has sent it, a secret; empty: it has sent none
 */
public record HttpRequest(Method method, List<String> path, String authorization, Buffer body) {

    /** All methods there are for it; others are answered with 405. */
    public enum Method {
        GET,
        POST
    }

    /** Without what the client has written. */
    @Override
    public String toString() {
        return method + " of " + path.size() + " parts, " + body.length() + " bytes";
    }
}
