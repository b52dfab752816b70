package dev.polywire.eventstore.server;

import dev.polywire.core.net.HttpRequest;
import dev.polywire.core.net.HttpResponse;
import dev.polywire.core.wire.Utf8;
import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.UserCredentials;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node answers over HTTP: gossip to everybody, and the replay of parked events to operators. */
final class NodeHttp {

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int SERVICE_UNAVAILABLE = 503;

    private static final String BASIC = "Basic ";

    private final EventStoreNode node;

    NodeHttp(EventStoreNode node) {
        this.node = node;
    }

    HttpResponse answer(HttpRequest asked) {
        List<String> path = asked.path();
        if (asked.method() == HttpRequest.Method.GET && path.equals(List.of("gossip"))) {
            return new HttpResponse(OK, "application/json; charset=utf-8", new Gossip(node).document());
        }
        boolean replay = asked.method() == HttpRequest.Method.POST
                && path.size() == 4
                && path.get(0).equals("subscriptions")
                && path.get(3).equals("replayParked");
        return replay ? replayParked(asked.authorization(), path.get(1), path.get(2)) : HttpResponse.of(NOT_FOUND);
    }

    private HttpResponse replayParked(String authorization, String stream, String group) {
        User user = node.knowsUsers() ? user(authorization) : null;
        if (user == null || !user.isOperator()) {
            return HttpResponse.of(UNAUTHORIZED);
        }
        if (node.role() != NodeRole.LEADER) {
            return HttpResponse.of(SERVICE_UNAVAILABLE);
        }
        return HttpResponse.of(node.database().groups().replayParked(stream, group) ? OK : NOT_FOUND);
    }

    private static @Nullable User user(String authorization) {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        String pair;
        try {
            pair = Utf8.text(Buffer.buffer(Base64.getDecoder().decode(authorization.substring(BASIC.length()))));
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
        int colon = pair == null ? -1 : pair.indexOf(':');
        return pair == null || colon < 0
                ? null
                : UserAccounts.of(new UserCredentials.Password(pair.substring(0, colon), pair.substring(colon + 1)));
    }
}
