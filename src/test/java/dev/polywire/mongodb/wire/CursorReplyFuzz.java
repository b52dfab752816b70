package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.mongodb.service.FuzzedDocument;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** Answers with a cursor: its documents, each a whole one, or DECODE; and commands, which our fields are added to. */
public final class CursorReplyFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "cursor-reply";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(
                BsonBoundsFuzz.documents().map(FuzzedDocument::seed),
                Stream.of("""
                                {"cursor":{"id":{"$numberLong":"5"},"ns":"db.books.all","firstBatch":[{"a":1},{}]},"ok":1}""", """
                                {"cursor":{"nextBatch":[{"a":[]}],"ns":"db.","id":{"$numberLong":"0"},"x":1}}""", """
                                {"cursor":{"nextBatch":[1],"ns":"db","id":0}}""", """
                                {"aggregate":"books","pipeline":[{"$match":{}},7,{"$out":"x"}],"$db":"x","maxTimeMS":5}""").map(Buffer::buffer));
    }

    @Override
    public void run(Buffer input) {
        Buffer document = FuzzedDocument.of(input);
        if (document != null) {
            try {
                CursorReply.read(document).documents().forEach(BsonBounds::check);
            } catch (ProtocolException bad) {
                Complaint.require(bad, Kind.DECODE);
            }
            CommandKind.reads(document);
            complete(document);
        }
    }

    private static void complete(Buffer document) {
        Buffer command;
        try {
            command = CommandDocument.complete(document, "db");
        } catch (ProtocolException bad) {
            Complaint.require(bad, Kind.DECODE);
            return;
        }
        BsonBounds.check(command);
    }
}
