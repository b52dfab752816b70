package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Finds frames that carry credentials and must not be shown: some commands, and the replies to them, recognised by the
 * requests that wait for them.
 */
final class SecretCommands {

    private static final Set<String> NAMES = Set.of(
            "authenticate",
            "saslstart",
            "saslcontinue",
            "getnonce",
            "createuser",
            "updateuser",
            "copydbgetnonce",
            "copydbsaslstart",
            "copydb");
    /** Far more than authentication has in flight; beyond it the oldest is dropped. */
    private static final int MAX_WAITING = 1_024;

    private final Set<Integer> waiting = new LinkedHashSet<>();

    /** Whether a command may not be shown. */
    static boolean isSecret(Buffer command) {
        String name = BsonFields.firstName(command).toLowerCase(Locale.ROOT);
        if (!HelloCommand.NAMES.contains(name)) {
            return NAMES.contains(name);
        }
        BsonBounds.check(command);
        return BsonFields.has(command, "speculativeAuthenticate") || BsonFields.has(command, "saslSupportedMechs");
    }

    /** Whether a message is such a command, or may be one that nobody has opened. */
    static boolean isSecret(MongoMessage message) {
        if (message instanceof OpMsg command) {
            return isSecret(command.body());
        } else if (message instanceof OpQuery query) {
            return isSecret(command(query.query()));
        }
        return message instanceof OpCompressed;
    }

    /** That of an OP_QUERY may stand in a wrapper. */
    private static Buffer command(Buffer query) {
        if (!QueryWrapper.isNamed(query)) {
            return query;
        }
        BsonBounds.check(query);
        return QueryWrapper.command(query);
    }

    /** Records a secret request that waits for its reply. */
    void sent(int requestId) {
        waiting.add(requestId);
        if (waiting.size() > MAX_WAITING) {
            Iterator<Integer> oldest = waiting.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Whether this reply answers a secret command; asked once. */
    boolean answers(int responseTo) {
        return !waiting.isEmpty() && waiting.remove(responseTo);
    }
}
