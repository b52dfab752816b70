package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import java.util.List;

/**
 * Checks a request against the sizes that the server has announced, before anything is sent: a command and its bulk
 * ({@link CommandSequences#requireWithin}), and the documents of a legacy write, whose refusal nobody would hear of.
 */
final class ServerSizes {

    private ServerSizes() {}

    /** @throws ProtocolException LIMIT; nothing has been sent, so the connection may continue */
    static void require(MongoMessage request, HelloReply server) {
        if (request instanceof OpMsg command) {
            new CommandSequences(command.body(), command.sequences()).requireWithin(server);
        } else if (request instanceof OpInsert insert) {
            CommandSequences.requireWithin(CommandSequences.DOCUMENTS, insert.documents(), server);
        } else if (request instanceof OpUpdate update) {
            CommandSequences.requireWithin("selector", List.of(update.selector()), server);
            // It may be the whole document that is stored.
            CommandSequences.requireWithin(CommandSequences.DOCUMENTS, List.of(update.update()), server);
        }
    }
}
