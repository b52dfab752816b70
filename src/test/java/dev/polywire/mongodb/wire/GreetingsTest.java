package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The hellos of official drivers, field by field and in their order, and what ours has otherwise. */
class GreetingsTest {

    /** The first one of a connection, without the client; where no type is said, it is a string. */
    private static final String FIRST = """
            go-2.10.0 | OP_QUERY 4 | isMaster:int32 helloOk:boolean backpressure compression[] client maxTimeMS:int64
            go-2.10.0 | OP_QUERY 4 | isMaster:int32 helloOk:boolean backpressure compression[zstd snappy zlib] client maxTimeMS:int64
            go-2.10.0 | OP_QUERY 4 | isMaster:int32 helloOk:boolean backpressure saslSupportedMechs speculativeAuthenticate(saslStart:int32 mechanism payload:binary db options(skipEmptyExchange:boolean)) compression[] client maxTimeMS:int64
            java-sync-5.14.0 | OP_QUERY 0 | isMaster:int32 helloOk:boolean backpressure client
            java-sync-5.14.0 | OP_QUERY 0 | isMaster:int32 helloOk:boolean backpressure client compression[zlib]
            java-sync-5.14.0 | OP_QUERY 0 | isMaster:int32 helloOk:boolean backpressure client saslSupportedMechs speculativeAuthenticate(saslStart:int32 mechanism payload:binary db options(skipEmptyExchange:boolean))
            node-6.22.0 | OP_QUERY 0 | ismaster:int32 helloOk:boolean client compression[none]
            node-7.9.0 | OP_QUERY 0 | ismaster:int32 backpressure helloOk:boolean client compression[none]
            node-7.9.0 | OP_QUERY 0 | ismaster:int32 backpressure helloOk:boolean client compression[none] saslSupportedMechs speculativeAuthenticate(saslStart:int32 mechanism payload:binary autoAuthorize:int32 options(skipEmptyExchange:boolean) db)
            node-7.9.0 | OP_QUERY 0 | ismaster:int32 backpressure helloOk:boolean client compression[snappy zlib]
            pymongo-4.20.1 | OP_MSG 0 | ismaster:int32 helloOk:boolean backpressure client $db
            pymongo-4.20.1 | OP_MSG 0 | ismaster:int32 helloOk:boolean backpressure client compression[] $db
            pymongo-4.20.1 | OP_MSG 0 | ismaster:int32 helloOk:boolean backpressure client compression[] saslSupportedMechs speculativeAuthenticate(saslStart:int32 mechanism payload:binary autoAuthorize:int32 options(skipEmptyExchange:boolean) db) $db
            pymongo-4.20.1 | OP_MSG 0 | ismaster:int32 helloOk:boolean backpressure client compression[zstd snappy zlib] $db
            rust-3.9.1 | OP_MSG 0 | isMaster:int32 helloOk:boolean backpressure client $db
            rust-3.9.1 | OP_MSG 0 | isMaster:int32 helloOk:boolean backpressure compression[zstd snappy zlib] client $db
            rust-3.9.1 | OP_MSG 0 | isMaster:int32 helloOk:boolean backpressure saslSupportedMechs speculativeAuthenticate(saslStart:int32 mechanism payload:binary options(skipEmptyExchange:boolean) db) client $db
            """;

    /** Who greets; strings without exception. */
    private static final String CLIENTS = """
            go-2.10.0 | driver(name version) os(type architecture) platform env(container(runtime))
            java-sync-5.14.0 | driver(name version) os(type name architecture version) platform env(container(runtime))
            node-6.22.0 | driver(name version) platform os(name architecture version type) env(container(runtime))
            node-7.9.0 | driver(name version) platform os(name architecture version type) env(container(runtime))
            pymongo-4.20.1 | driver(name version) os(type name architecture version) platform env(container(runtime))
            rust-3.9.1 | driver(name version) os(type architecture) platform env()
            rust-3.9.1 | driver(name version) os(type architecture) platform env(container(runtime))
            """;

    /** Those behind the first; 65536 is exhaustAllowed. */
    private static final String LATER = """
            go-2.10.0 | OP_MSG 0 | hello:int32 helloOk:boolean backpressure $db
            go-2.10.0 | OP_MSG 0 | hello:int32 helloOk:boolean backpressure maxTimeMS:int64 $db
            go-2.10.0 | OP_MSG 65536 | hello:int32 helloOk:boolean topologyVersion(processId:object_id counter:int64) maxAwaitTimeMS:int64 backpressure $db
            java-sync-5.14.0 | OP_MSG 65536 | hello:int32 helloOk:boolean topologyVersion(processId:object_id counter:int64) maxAwaitTimeMS:int64 $db $readPreference(mode)
            node-6.22.0 | OP_MSG 0 | hello:int32 $db
            node-7.9.0 | OP_MSG 0 | hello:int32 $db
            node-7.9.0 | OP_MSG 65536 | hello:int32 maxAwaitTimeMS:int32 topologyVersion(processId:object_id counter:int64) $db
            pymongo-4.20.1 | OP_MSG 0 | hello:int32 backpressure $db
            pymongo-4.20.1 | OP_MSG 65536 | hello:int32 backpressure topologyVersion(processId:object_id counter:int64) maxAwaitTimeMS:int32 $db
            rust-3.9.1 | OP_MSG 0 | hello:int32 backpressure $db
            rust-3.9.1 | OP_MSG 65536 | hello:int32 backpressure topologyVersion(processId:object_id counter:int64) maxAwaitTimeMS:int64 $db
            """;

    /** What not all of us have in the first one: field, the drivers that have it, whether we have it, and why. */
    private static final String DIFFERENT = """
            $db:string | pymongo-4 rust-3 | we | no field of OP_QUERY, by which the others greet
            backpressure:string | go-2 java-sync-5 node-7 pymongo-4 rust-3 | we | newer than node-6
            client.application:document | none | we | has a name here; the recorded programs gave none
            client.env:document | all | not we | only in a cloud's function, and said by the options
            client.os.architecture:string | all | not we | nothing is said of the machine unless the options do
            client.os.name:string | java-sync-5 node-6 node-7 pymongo-4 | not we | as the architecture
            client.os.version:string | java-sync-5 node-6 node-7 pymongo-4 | not we | as the architecture
            client.platform:string | all | not we | as the architecture
            isMaster:int32 | go-2 java-sync-5 rust-3 | we | as the specification writes it
            ismaster:int32 | node-6 node-7 pymongo-4 | not we | isMaster, which servers take as the same
            maxTimeMS:int64 | go-2 | not we | the client stops waiting by itself
            saslSupportedMechs:string | go-2 java-sync-5 node-7 pymongo-4 rust-3 | we | with a login; node-6 was recorded without
            speculativeAuthenticate.autoAuthorize:int32 | node-7 pymongo-4 | we | as the specification has it
            speculativeAuthenticate.db:string | go-2 java-sync-5 node-7 pymongo-4 rust-3 | we | as saslSupportedMechs
            speculativeAuthenticate.mechanism:string | go-2 java-sync-5 node-7 pymongo-4 rust-3 | we | as saslSupportedMechs
            speculativeAuthenticate.options:document | go-2 java-sync-5 node-7 pymongo-4 rust-3 | we | as saslSupportedMechs
            speculativeAuthenticate.payload:binary | go-2 java-sync-5 node-7 pymongo-4 rust-3 | we | as saslSupportedMechs
            speculativeAuthenticate.saslStart:int32 | go-2 java-sync-5 node-7 pymongo-4 rust-3 | we | as saslSupportedMechs
            """;

    private record Hello(String driver, MongoMessage message) {

        Hello(MongoTranscript.Spoken spoken) {
            this(spoken.driver(), spoken.message());
        }

        BsonDocument document() {
            return Documents.parsed(message instanceof OpMsg command ? command.body() : ((OpQuery) message).query());
        }

        boolean isFirst() {
            return document().containsKey("client");
        }

        /** Without the client's fields. */
        String row() {
            BsonDocument fields = document();
            if (isFirst()) {
                fields.put("client", new BsonString(""));
            }
            String sentAs = message instanceof OpMsg command
                    ? "OP_MSG " + command.flagBits()
                    : "OP_QUERY " + ((OpQuery) message).flags();
            return String.join(" | ", driver, sentAs, form(fields));
        }

        String clientRow() {
            return driver + " | " + form(document().getDocument("client"));
        }
    }

    private static Stream<Hello> recorded() {
        return MongoTranscript.everything()
                .filter(MongoTranscript.Spoken::byClient)
                .filter(each -> each.isInWordsOnly() || each.words().contains("{hello: 1"))
                .map(Hello::new);
    }

    private static BsonDocument ours() {
        MongoCredential joe = new MongoCredential("joe", "canary", "admin");
        Conversation conversation = new Conversation(
                Conversation.OPTIONS.withLogin(() -> new MongoLogin(MongoMechanism.negotiated(), joe, () -> "nonce")),
                FrameTap.NONE);
        conversation.client.start(0);
        return Documents.parsed(conversation.requests().get(0).command());
    }

    private static String form(BsonDocument fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + form(field.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String form(BsonValue value) {
        return switch (value.getBsonType()) {
            case STRING -> "";
            case DOCUMENT -> "(" + form(value.asDocument()) + ")";
            case ARRAY ->
                value.asArray().stream()
                        .map(each -> each.asString().getValue())
                        .collect(Collectors.joining(" ", "[", "]"));
            default -> ":" + value.getBsonType().name().toLowerCase(Locale.ROOT);
        };
    }

    /** The paths of the fields, with their types. */
    private static Set<String> paths(BsonDocument fields, String path) {
        Set<String> paths = new TreeSet<>();
        fields.forEach((name, value) -> {
            String inside = path + name;
            if (value.isDocument() && inside.matches("client|client[.](os|driver)|speculativeAuthenticate")) {
                paths.addAll(paths(value.asDocument(), inside + "."));
            } else {
                paths.add(inside + ":" + value.getBsonType().name().toLowerCase(Locale.ROOT));
            }
        });
        return paths;
    }

    private static Set<String> rows(String table) {
        return table.lines().collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> rows(Stream<String> rows) {
        return rows.collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void eachDriverGreetsInItsOwnWay() {
        assertEquals(rows(FIRST), rows(recorded().filter(Hello::isFirst).map(Hello::row)));
        assertEquals(rows(CLIENTS), rows(recorded().filter(Hello::isFirst).map(Hello::clientRow)));
        assertEquals(
                rows(LATER), rows(recorded().filter(each -> !each.isFirst()).map(Hello::row)));
    }

    @Test
    void oursIsDifferentInWhatTheTableSays() {
        Map<String, Set<String>> senders = new TreeMap<>();
        Set<String> drivers = new TreeSet<>();
        recorded().filter(Hello::isFirst).forEach(each -> {
            drivers.add(each.driver());
            paths(each.document(), "")
                    .forEach(path -> senders.computeIfAbsent(path, added -> new TreeSet<>())
                            .add(each.driver()));
        });
        Set<String> we = paths(ours(), "");
        Set<String> different = Stream.concat(senders.keySet().stream(), we.stream())
                .filter(path -> !we.contains(path) || !drivers.equals(senders.get(path)))
                .map(path ->
                        String.join(" | ", path, who(senders.get(path), drivers), we.contains(path) ? "we" : "not we"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(rows(DIFFERENT.lines().map(row -> row.substring(0, row.lastIndexOf(" | ")))), different);
    }

    private static String who(@Nullable Set<String> senders, Set<String> drivers) {
        if (senders == null) {
            return "none";
        }
        return senders.equals(drivers) ? "all" : String.join(" ", senders).replaceAll("[.][0-9.]+", "");
    }

    /** Servers look for the command's name in the first field; the order of the others is a custom. */
    @Test
    void oursHasTheOrderOfThoseThatGreetByOpMsg() {
        List<BsonDocument> greetings = Stream.concat(
                        recorded()
                                .filter(each -> each.isFirst() && each.message() instanceof OpMsg)
                                .map(Hello::document),
                        Stream.of(ours()))
                .toList();
        assertEquals(
                Set.of("ismaster", "helloOk", "$db"),
                greetings.stream()
                        .map(each -> List.copyOf(each.keySet()))
                        .flatMap(names -> Stream.of(
                                names.get(0).toLowerCase(Locale.ROOT), names.get(1), names.get(names.size() - 1)))
                        .collect(Collectors.toSet()));
        assertEquals(
                List.of("application", "driver", "os"),
                List.copyOf(ours().getDocument("client").keySet()));
    }

    /** As Node says it, whenever the server has hello. */
    @Test
    void oursLater() {
        assertTrue(rows(LATER).contains("node-7.9.0 | OP_MSG 0 | " + form(Documents.parsed(HelloCommand.again(true)))));
        assertEquals("isMaster:int32 helloOk:boolean $db", form(Documents.parsed(HelloCommand.again(false))));
    }
}
