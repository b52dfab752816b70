package dev.polywire.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A connector's verticle has its beginning and its end from the core. */
final class BeVerticle extends ArchCondition<JavaClass> {

    BeVerticle() {
        super("extend VerticleBase directly");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        boolean direct = type.getRawSuperclass()
                .filter(parent -> parent.getName().equals("io.vertx.core.VerticleBase"))
                .isPresent();
        if (direct) {
            events.add(SimpleConditionEvent.satisfied(type, type.getDescription() + " extends VerticleBase"));
        }
    }
}
