package dev.polywire.mongodb.service;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.Fields;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.RequestPurpose;
import dev.polywire.mongodb.wire.ReservedCommands;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What callers may ask of a connector, by whichever action. The connection's own commands are not asked: ping, hello, login, and
 * a stream's getMore and killCursors. Whoever is refused gets FORBIDDEN, and nothing is sent.
 *
 * @param commands {@code commands}: the names of those that are allowed, as the server spells them; null (the default): all
 *     but {@link ReservedCommands}
 * @param databases {@code databases}: those that a command may run in; null (the default): all. Another one that the command
 *     names itself, such as that of {@code $out}, is for the server to refuse
 */
record CallerRules(@Nullable Set<String> commands, @Nullable Set<String> databases) {

    /** Everything but what is reserved. */
    static final CallerRules NONE = new CallerRules(null, null);

    /** Reads {@code commands} and {@code databases}. */
    static CallerRules fromJson(Fields json) {
        return new CallerRules(names(json, "commands"), names(json, "databases"));
    }

    private static @Nullable Set<String> names(Fields json, String field) {
        List<String> names = json.texts(field);
        if (!names.isEmpty()) {
            return new LinkedHashSet<>(names);
        }
        if (json.has(field)) {
            throw json.complaint(field, "empty (expected: at least one, or no such field)");
        }
        return null;
    }

    /** @param checked a command that has passed {@code BsonBounds.check}, or was made from JSON */
    void permit(String database, String command, Buffer checked) {
        refuse(ReservedCommands.complaint(checked));
        permit(database, command);
    }

    /** @param purpose of {@code request} */
    void permit(MongoMessage request, RequestPurpose purpose) {
        if (request instanceof OpMsg command) {
            refuse(ReservedCommands.complaint(command));
        } else if (request instanceof OpQuery query) {
            refuse(ReservedCommands.complaint(query));
        }
        permit(purpose.database(), purpose.command());
    }

    private void permit(@Nullable String database, String command) {
        if (commands != null && !commands.contains(command)) {
            refuse("command: another (expected: one of " + commands + ", which this connector allows)");
        }
        if (databases != null && (database == null || !databases.contains(database))) {
            refuse("database: " + (database == null ? "none" : "another") + " (expected: one of " + databases
                    + ", which this connector allows)");
        }
    }

    private static void refuse(@Nullable String complaint) {
        if (complaint != null) {
            throw Failure.FORBIDDEN.because(complaint);
        }
    }
}
