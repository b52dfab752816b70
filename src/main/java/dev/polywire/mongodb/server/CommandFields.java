package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.MongoErrorCode;
import java.util.Map;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * The fields that a command has here (manual, "Database Commands"), so that none is ignored: one that MongoDB does not know either
 * is refused with 40415, one that only MongoDB knows with 238, unless it asks for nothing.
 *
 * @param taken what is done, or is harmless in a server alone, with a store in memory
 * @param lacking what only MongoDB knows
 */
record CommandFields(Set<String> taken, Set<String> lacking) {

    /** Of every command; those of a transaction are refused by their values. */
    private static final Set<String> OF_ALL =
            names("$db $readPreference $clusterTime lsid txnNumber startTransaction autocommit"
                    + " apiVersion apiStrict apiDeprecationErrors maxTimeMS comment readConcern writeConcern");

    /** Beside the wrapped query of an OP_QUERY. */
    static final CommandFields OF_WRAPPER = of(
            "$query query $orderby orderby $readPreference $comment $maxTimeMS",
            "$hint $explain $min $max $returnKey $showDiskLoc $snapshot");

    static final CommandFields OF_UPDATE = of("q u multi upsert", "arrayFilters collation hint c sort");
    static final CommandFields OF_DELETE = of("q limit", "collation hint");

    private static final CommandFields NONE = of("", "");
    /** {@code lock} of a sleep. */
    private static final BsonString NO_LOCK = new BsonString("none");

    private static final Map<String, CommandFields> COMMANDS = Map.ofEntries(
            Map.entry("insert", of("documents ordered bypassDocumentValidation", "")),
            Map.entry("update", of("updates ordered bypassDocumentValidation", "let")),
            Map.entry("delete", of("deletes ordered", "let")),
            Map.entry(
                    "find",
                    of(
                            "filter sort skip limit batchSize singleBatch tailable noCursorTimeout allowPartialResults"
                                    + " awaitData oplogReplay allowDiskUse",
                            "projection hint collation min max let returnKey showRecordId")),
            Map.entry("getMore", of("collection batchSize", "")),
            Map.entry("killCursors", of("cursors", "")),
            Map.entry("count", of("query skip limit", "hint collation fields")),
            Map.entry(
                    "aggregate",
                    of("pipeline cursor allowDiskUse bypassDocumentValidation", "explain hint collation let")),
            Map.entry(
                    "create",
                    of(
                            "capped size max",
                            "viewOn pipeline validator validationLevel validationAction collation timeseries"
                                    + " expireAfterSeconds clusteredIndex changeStreamPreAndPostImages storageEngine"
                                    + " indexOptionDefaults encryptedFields")),
            Map.entry("listCollections", of("filter nameOnly authorizedCollections cursor", "")),
            Map.entry("drop", NONE),
            Map.entry("dropDatabase", NONE),
            Map.entry("ping", NONE),
            Map.entry("sleep", of("millis secs seconds", "lock lockTarget w")),
            Map.entry("endSessions", NONE),
            Map.entry("buildInfo", NONE),
            Map.entry("buildinfo", NONE));

    private static CommandFields of(String taken, String lacking) {
        return new CommandFields(names(taken), names(lacking));
    }

    private static Set<String> names(String words) {
        return words.isEmpty() ? Set.of() : Set.of(words.split(" "));
    }

    /**
     * Passes a command that has only what is done here, or that is none of ours.
     *
     * @throws dev.polywire.mongodb.store.CommandErrorException UNKNOWN_FIELD or NOT_IMPLEMENTED
     */
    static void require(CommandRequest request) {
        CommandFields fields = COMMANDS.get(request.name());
        if (fields != null) {
            request.forEach((field, value) -> {
                if (!field.equals(request.name()) && !OF_ALL.contains(field)) {
                    fields.require(request.name(), field, value);
                }
            });
        }
    }

    /** The same for a document within a command. @param path to it, for people */
    void require(String path, BsonDocument document) {
        document.forEach((field, value) -> require(path, field, value));
    }

    private void require(String path, String field, BsonValue value) {
        if (taken.contains(field)) {
            return;
        }
        if (!lacking.contains(field)) {
            throw MongoErrorCode.UNKNOWN_FIELD.with("BSON field '" + path + "." + field + "' is an unknown field.");
        }
        if (!asksForNothing(value)) {
            throw MongoErrorCode.NOT_IMPLEMENTED.with(path + "." + field + ": not implemented");
        }
    }

    private static boolean asksForNothing(BsonValue value) {
        return value.isNull()
                || value.equals(NO_LOCK)
                || value.isBoolean() && !value.asBoolean().getValue()
                || value.isDocument() && value.asDocument().isEmpty();
    }
}
