//! What one network says is found in the search of every other, also after an index was lost or damaged.

use pes_domain::audience::Reader;
use std::path::PathBuf;
use std::time::Instant;
use village::{NAMES, Scene, eventually, shown};

/// What may happen to a folder, and how.
type Way = (&'static str, fn(PathBuf));

fn index_of(scene: &Scene, name: &str) -> PathBuf {
    scene.village.folder(name).join("index")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demand_is_found_in_the_search_of_every_network() {
    let scene = Scene::open().await;
    let demand = scene.demand("alliance", "Cherche un atelier de sérigraphie");
    for name in NAMES {
        eventually("it is there", || scene.shows(name, &demand, Reader::Anyone)).await;
        let begun = Instant::now();
        let mut visitor = scene.visitor(name);
        let page = shown(&mut visitor, "/recherche?q=serigraphie+nice", "sérigraphie</a>").await;
        println!("{name}: found {} ms after it was there", begun.elapsed().as_millis());
        assert!(page.contains("1 résultat<"), "{name}");
        shown(&mut visitor, "/annonces.atom", "Cherche un atelier").await;
    }
    let journal = &scene.village.house("alliance").journal;
    journal.delete(&demand, None, time::UtcDateTime::now()).unwrap();
    for name in NAMES {
        let mut visitor = scene.visitor(name);
        shown(&mut visitor, "/recherche?q=serigraphie", "0 résultat<").await;
    }
}

/// The folder of the index needs no backup: whatever happened to it, it is filled again.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_lost_or_damaged_is_filled_again() {
    let mut scene = Scene::open().await;
    let titles = ["Cherche un four", "Cherche un chariot", "Cherche une scie"];
    let demands = titles.map(|title| scene.demand("apeas", title));
    for demand in &demands {
        eventually("mesclun has it", || scene.shows("mesclun", demand, Reader::Anyone)).await;
    }
    let ways: [Way; 3] = [
        ("lost", |folder| std::fs::remove_dir_all(folder).unwrap()),
        ("cut short", |folder| {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let bytes = std::fs::read(&path).unwrap();
                std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
            }
        }),
        ("of another making", |folder| std::fs::write(folder.join("pes-search"), "something else").unwrap()),
    ];
    for (way, spoil) in ways {
        let mut visitor = scene.visitor("mesclun");
        shown(&mut visitor, "/annonces?q=cherche", "3 résultats<").await;
        scene.village.halt("mesclun").await;
        spoil(index_of(&scene, "mesclun"));
        scene.village.start("mesclun").await.unwrap();
        let page = shown(&mut visitor, "/annonces?q=cherche", "3 résultats<").await;
        assert!(titles.iter().all(|title| page.contains(title)), "{way}");
    }
}
