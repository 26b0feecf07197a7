package Library::Runtime::ObservableEntity;

# An object with operations of its own that handlers can be put on.

use strict;
use warnings;

use parent qw(Library::Runtime::Entity Library::Runtime::Observable);

sub _observed {
    my ($self)  = @_;
    my $library = Library::Runtime::Entity::library_of($self);
    my $key     = Library::Runtime::Entity::key_of($self);
    return ( $library->event_stream, $key, Library::Runtime::Model::origin_of($self)->{since} );
}

1;
