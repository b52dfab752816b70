package dev.polywire.mongodb.server;

/**
 * The fields of a getMore (manual, "getMore").
 *
 * @param namespace of its cursor
 * @param batchSize 0: as many as fit
 * @param maxTimeMillis how long it waits for documents; negative: it does not say
 */
record GetMore(long id, String namespace, long batchSize, long maxTimeMillis) {

    /** @throws dev.polywire.mongodb.store.CommandErrorException for a value that none of them has */
    static GetMore of(CommandRequest request) {
        return new GetMore(
                request.number("getMore", 0),
                request.namespace("collection"),
                ReadCommands.notNegative("batchSize", request.number("batchSize", 0)),
                request.number("maxTimeMS", -1));
    }

    long waitMillis(long otherwise) {
        return maxTimeMillis < 0 ? otherwise : maxTimeMillis;
    }
}
