package dev.polywire.app;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.FieldObserver;
import dev.polywire.core.json.FieldShape;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a configuration may hold, found by watching its readers. They read documents that grow: whatever a reader asks for is
 * given to it in a next document, with each value that may lead it elsewhere, until nobody asks for anything new.
 *
 * <p>Paths have {@code []} for an element of a list: {@code connectors[].tls}.
 */
final class ConfigurationShape {

    /** Long enough for a token. */
    private static final String TEXT = "a".repeat(16);

    /** Of adding what a reader misses, which may lead it to miss more. */
    private static final int MAX_ROUNDS = 10;

    private final JsonObject given;
    private final Queue<JsonObject> unread = new ArrayDeque<>();
    /** By the path of the object, and the name. */
    private final Map<String, Map<String, List<FieldShape>>> asked = new TreeMap<>();
    /** What is asked for in every reading of an object that comes to its end; none: its fields are not fixed. */
    private final Map<String, Set<String>> required = new HashMap<>();

    private ConfigurationShape(JsonObject given) {
        this.given = given;
        unread.add(given);
        while (!unread.isEmpty()) {
            explore(unread.remove());
        }
    }

    /** The shape of configurations that say this. Its fields keep their values. */
    static ConfigurationShape of(JsonObject given) {
        return new ConfigurationShape(given);
    }

    /** The fields of an object; of each what its readers expect, the shape of the smallest document first. */
    Map<String, List<FieldShape>> fields(String path) {
        return asked.getOrDefault(path, Map.of());
    }

    /** Whether an object has no other fields. */
    boolean isClosed(String path) {
        return required.containsKey(path);
    }

    /** The fields without which an object is refused. */
    Set<String> required(String path) {
        return new TreeSet<>(required.getOrDefault(path, Set.of()));
    }

    private void explore(JsonObject first) {
        JsonObject document = first.copy();
        List<Question> found = new ArrayList<>();
        boolean whole = false;
        for (int round = 0; round < MAX_ROUNDS && !whole; round++) {
            Reading reading = new Reading(document);
            whole = !reading.repair();
            found.addAll(reading.found);
        }
        for (Question each : found) {
            if (!(Judgement.at(given, each.path) instanceof JsonObject object && object.containsKey(each.name))) {
                samples(each.shape).forEach(sample -> {
                    JsonObject next = document.copy();
                    object(next, each.path).put(each.name, sample);
                    unread.add(next);
                });
            }
        }
    }

    /** The object at a path. One that is not there was read like an empty one, and is made. */
    private static JsonObject object(JsonObject document, String path) {
        if (path.isEmpty()) {
            return document;
        } else if (Judgement.at(document, path) instanceof JsonObject object) {
            return object;
        }
        JsonObject made = new JsonObject();
        object(document, outer(path)).put(path.substring(path.lastIndexOf('.') + 1), made);
        return made;
    }

    private static String outer(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }

    private static List<Object> samples(FieldShape shape) {
        return switch (shape.kind()) {
            case ANY, OBJECT -> List.of(new JsonObject());
            case TEXT -> List.of(TEXT);
            case WORD -> List.copyOf(shape.words());
            case FLAG -> List.of(!Boolean.TRUE.equals(shape.fallback()));
            case INTEGER -> List.of(shape.min(), shape.max());
            case TEXTS -> {
                List<Object> all = new ArrayList<>(shape.words());
                all.add(new JsonArray().add(TEXT));
                yield all;
            }
            case OBJECTS -> List.of(new JsonArray().add(new JsonObject()));
        };
    }

    private static String general(String path) {
        return path.replaceAll("\\[[0-9]+]", "[]");
    }

    private record Question(String path, String name, FieldShape shape) {}

    /** One document, read once. */
    private final class Reading implements FieldObserver {

        private final JsonObject document;
        private final List<Question> found = new ArrayList<>();
        private final List<Question> missing = new ArrayList<>();
        private final Map<String, Set<String>> needed = new HashMap<>();
        private final Set<String> unknown = new TreeSet<>();

        Reading(JsonObject document) {
            this.document = document;
            new ProgramCheck(document.copy(), this::complain, this);
        }

        /** Makes the document one that its readers take, as far as fields are missing or unknown. @return whether it did */
        boolean repair() {
            missing.forEach(each -> object(document, each.path)
                    .put(each.name, samples(each.shape).get(0)));
            unknown.forEach(path -> object(document, outer(path)).remove(path.substring(path.lastIndexOf('.') + 1)));
            return !missing.isEmpty() || !unknown.isEmpty();
        }

        @Override
        public void asked(String path, String name, FieldShape shape, boolean there) {
            List<FieldShape> known = asked.computeIfAbsent(general(path), first -> new TreeMap<>())
                    .computeIfAbsent(name, first -> new ArrayList<>());
            Question question = new Question(path, name, shape);
            if (known.stream().noneMatch(each -> each.kind() == shape.kind())) {
                found.add(question);
            }
            if (!known.contains(shape)) {
                known.add(shape);
            }
            if (shape.isRequired()) {
                needed.computeIfAbsent(path, first -> new HashSet<>()).add(name);
                if (!there) {
                    missing.add(question);
                }
            }
        }

        @Override
        public void done(String path) {
            Set<String> here = needed.getOrDefault(path, Set.of());
            required.merge(general(path), Set.copyOf(here), ConfigurationShape::both);
        }

        private void complain(FieldException complaint) {
            if (complaint.complaint().startsWith(Fields.UNKNOWN)) {
                unknown.add(complaint.path());
            }
        }
    }

    private static Set<String> both(Collection<String> one, Collection<String> other) {
        Set<String> both = new TreeSet<>(one);
        both.retainAll(other);
        return both;
    }
}
