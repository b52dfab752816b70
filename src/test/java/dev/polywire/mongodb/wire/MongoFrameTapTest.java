package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.bson;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the wire log sees, and what it is told not to show. */
class MongoFrameTapTest {

    private final List<String> seen = new ArrayList<>();
    private final FrameTap tap = (sent, name, bytes, secret) ->
            seen.add((sent ? "> " : "< ") + name + (secret ? " SECRET " : " ") + bytes.length());

    @Test
    void namesBothDirections() {
        Conversation conversation = new Conversation(Conversation.OPTIONS, tap).answerHello(Documents.HELLO);
        int id = conversation.client.send(bson("{find: 'c', $db: 'd'}"), List.of());
        conversation.server.reply(id, Documents.OK);
        conversation.events();
        seen.replaceAll(line -> line.replaceAll(" \\d+$", ""));
        assertEquals(List.of("> OP_MSG isMaster", "< OP_MSG reply to 1", "> OP_MSG find", "< OP_MSG reply to 2"), seen);
    }

    @Tag("M41")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{saslStart: 1} | true",
                "{saslContinue: 1} | true",
                "{authenticate: 1} | true",
                "{getnonce: 1} | true",
                "{createUser: 'u'} | true",
                "{updateUser: 'u'} | true",
                "{copydb: 1} | true",
                "{copydbgetnonce: 1} | true",
                "{copydbSaslStart: 1} | true",
                "{hello: 1, speculativeAuthenticate: {}} | true",
                "{isMaster: 1, speculativeAuthenticate: {}} | true",
                "{ismaster: 1, speculativeAuthenticate: {}} | true",
                "{hello: 1, saslSupportedMechs: 'admin.user'} | true",
                "{hello: 1} | false",
                "{find: 'saslStart', speculativeAuthenticate: {}} | false",
                "{} | false"
            })
    void secretsAndTheirReplies(String command, boolean secret) {
        Conversation conversation = new Conversation(Conversation.OPTIONS, tap).answerHello(Documents.HELLO);
        seen.clear();
        int id = conversation.client.send(bson(command), List.of());
        int other = conversation.client.send(bson("{ping: 1}"), List.of());
        conversation.server.reply(other, Documents.OK);
        conversation.server.reply(id, Documents.OK);
        conversation.server.reply(id, Documents.OK);
        conversation.events();
        assertEquals(
                List.of(secret, false, false, secret, false),
                seen.stream().map(line -> line.contains("SECRET")).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "db.$cmd | {createUser: 'u', pwd: 'p'} | true",
                "db.$cmd | {$query: {createUser: 'u', pwd: 'p'}} | true",
                "db.$cmd | {query: {$query: {updateUser: 'u', pwd: 'p'}}, $orderby: {}} | true",
                "db.$cmd | {$query: {count: 'c'}} | false"
            })
    void secretsInLegacyQueriesAndTheirReplies(String collection, String query, boolean secret) {
        Conversation conversation = new Conversation(Conversation.OPTIONS, tap).answerHello(Documents.HELLO);
        seen.clear();
        int id = conversation.client.send(new OpQuery(0, collection, 0, -1, bson(query), null));
        conversation.server.send(id, new OpReply(0, 0, 0, List.of(Documents.OK)));
        conversation.events();
        assertEquals(
                List.of(secret, secret),
                seen.stream().map(line -> line.contains("SECRET")).toList());
    }

    /** A command in a wrapper, and what nobody has opened. */
    @Test
    void secretsInsideOthers() {
        Conversation conversation = new Conversation(Conversation.OPTIONS, tap).answerHello(Documents.HELLO);
        seen.clear();
        Buffer secret = bson("{createUser: 'u'}");
        List<MongoMessage> messages = List.of(
                new OpQuery(0, "admin.$cmd", 0, 1, secret, null),
                new OpQuery(0, "admin.$cmd", 0, 1, bson("{$query: {createUser: 'u'}}"), null),
                new OpQuery(0, "admin.$cmd", 0, 1, bson("{query: {$query: {createUser: 'u'}}}"), null),
                OpCompressed.of(new OpMsg(secret).write(1, 0, 1_000), new NoopCompressor()),
                new OpQuery(0, "admin.$cmd", 0, 1, bson("{$query: {ping: 1}}"), null));
        messages.forEach(conversation.client::send);
        assertEquals(
                List.of(true, true, true, true, false),
                seen.stream().map(line -> line.contains("SECRET")).toList());
    }

    @Test
    void unreadableRepliesHaveANameToo() {
        Conversation conversation = new Conversation(Conversation.OPTIONS, tap).answerHello(Documents.HELLO);
        seen.clear();
        assertThrows(ProtocolException.class, () -> conversation.events(Documents.frame(9999, Buffer.buffer())));
        assertEquals(List.of("< opCode 9999 reply to 1 16"), seen);
    }

    @Test
    void serverHidesWhatItCannotRead() {
        MongoServerMachine server = new MongoServerMachine(1_000, tap);
        server.receive(new OpQuery(0, "admin.$cmd", 0, 1, bson("{saslStart: 1}"), null).write(9, 0, 1_000), 0);
        server.nextEvent();
        server.send(9, new OpReply(0, 0, 0, List.of(Documents.OK)));
        server.receive(Documents.reply(Buffer.buffer(new byte[] {9})), 0);
        assertThrows(ProtocolException.class, server::nextEvent);
        seen.replaceAll(line -> line.replaceAll(" \\d+$", ""));
        assertEquals(List.of("< OP_QUERY saslStart SECRET", "> OP_REPLY reply to 9 SECRET", "< OP_MSG SECRET"), seen);
    }

    @Test
    void textOfRecordsHoldsNoDocuments() {
        Buffer secret = bson("{saslStart: 1, payload: 'canary-7f3a'}");
        List<Object> records = List.of(
                new OpMsg(0, secret, List.of(new DocumentSequence("documents", List.of(secret)))),
                new OpQuery(0, "a.b", 0, 0, secret, secret),
                new OpReply(0, 0, 0, List.of(secret)),
                new MongoEvent.Reply(1, new OpMsg(secret)),
                HelloReply.read(Documents.hello("speculativeAuthenticate: {payload: 'canary-7f3a'}")));
        records.forEach(message -> assertFalse(message.toString().contains("canary-7f3a"), message::toString));
    }
}
