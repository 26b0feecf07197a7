package Library::Runtime::Classes;

# Loads classes when they are first needed, and puts methods into them.

use strict;
use warnings;

use Exporter  qw(import);
use Sub::Util qw(set_subname subname);

our @EXPORT_OK = qw(install loaded);

my %LOADED;

# The class itself, once it is loaded.
sub loaded {
    my ($class) = @_;
    return $LOADED{$class} //= do {
        ( my $file = "$class.pm" ) =~ s{::}{/}g;
        require $file;
        $class;
    };
}

# Makes code a method of a class.
sub install {
    my ( $class, $name, $code ) = @_;

    # For those who read a stack of calls; a method of two names keeps the first.
    set_subname( "${class}::$name", $code ) if subname($code) =~ /::__ANON__\z/;

    # The only way into a class whose name is data.
    no strict 'refs';    ## no critic (ProhibitNoStrict)
    *{"${class}::$name"} = $code;
    return;
}

1;
