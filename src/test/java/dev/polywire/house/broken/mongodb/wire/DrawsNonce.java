package dev.polywire.house.broken.mongodb.wire;

import dev.polywire.house.Breaks;
import java.security.SecureRandom;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

@Breaks("wire")
final class DrawsNonce {

    SecureRandom secure() {
        return new SecureRandom();
    }

    Random random() {
        return new Random();
    }

    SplittableRandom splittable() {
        return new SplittableRandom();
    }

    double fraction() {
        return Math.random();
    }

    UUID id() {
        return UUID.randomUUID();
    }

    RandomGenerator generator() {
        return RandomGenerator.getDefault();
    }
}
