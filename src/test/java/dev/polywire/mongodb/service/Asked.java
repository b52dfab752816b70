package dev.polywire.mongodb.service;

import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.OpMsg;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.bson.BsonDocument;

/** A request that reached a scripted server and waits for what the test says. */
record Asked(ScriptedPeer peer, MongoServerMachine.Request request) {

    String name() {
        return BsonFields.firstName(request.command());
    }

    BsonDocument document() {
        return Documents.parsed(request.command());
    }

    int id() {
        return request.header().requestId();
    }

    /** @param json Extended JSON; the whole answer */
    void reply(String json) {
        peer.reply(request, Documents.bson(json));
    }

    void ok() {
        reply("{ok: 1.0}");
    }

    /** One of several answers, of which each but the first answers the one before it. */
    void more(int responseTo, String json) {
        peer.send(responseTo, new OpMsg(OpMsg.MORE_TO_COME, Documents.bson(json), List.of()));
    }

    /** As if it were the answer to another request. */
    void replyTo(int responseTo, String json) {
        peer.send(responseTo, new OpMsg(Documents.bson(json)));
    }

    /** Bytes whose responseTo (bytes 8 to 11 of a message) becomes this request's id. */
    void raw(Buffer message) {
        peer.raw(answering(message));
    }

    Buffer answering(Buffer message) {
        return message.copy().setIntLE(8, id());
    }
}
